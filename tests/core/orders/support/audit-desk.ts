import path from 'node:path'
import { onTestFinished } from 'vitest'
import { type Db, openDatabase } from '../../../../electron/core/db/open.ts'
import { createLog } from '../../../../electron/core/log/log.ts'
import { type AuditAnchor, createAuditAnchor } from '../../../../electron/core/orders/audit-anchor.ts'
import { type Audit, createAudit } from '../../../../electron/core/orders/audit-log.ts'
import type { LogRecord, SecretBox } from '../../../../electron/core/ports.ts'
import { openVault, type OpenVault } from '../../../../electron/core/vault/data-key.ts'
import { fakePorts, testBox } from '../../../support/fake-ports.ts'

export interface AuditDesk {
  readonly db: Db
  readonly vault: OpenVault
  readonly audit: Audit
  /** What it wrote into the log of the app. */
  readonly records: LogRecord[]
  close(): void
}

export interface AuditDeskOptions {
  readonly box?: SecretBox
  readonly clean?: (text: string) => string
  /** The vault begins again, as a user without the old key lets it. */
  readonly startOver?: boolean
  readonly onProblem?: () => void
  /** Stands between the log and the file beside the database. */
  readonly over?: (anchor: AuditAnchor) => AuditAnchor
}

const { clock, random } = fakePorts('unused')

/** The log of a data folder over a real database and vault. */
export async function openDesk(
  dir: string,
  { box = testBox(), clean = text => text, startOver = false, onProblem = () => undefined, over = anchor => anchor }: AuditDeskOptions = {},
): Promise<AuditDesk> {
  const db = openDatabase({ file: path.join(dir, 'keelson.db'), now: () => clock.now() })
  const vault = await openVault({ db, box, random, clock })
  if (startOver) await vault.startOver()
  const records: LogRecord[] = []
  const audit = createAudit({
    db,
    vault,
    clock,
    random,
    log: createLog(record => void records.push(record), clock),
    anchor: over(createAuditAnchor(path.join(dir, 'audit-head'))),
    clean,
    onProblem,
  })
  const close = (): void => {
    if (!db.raw.open) return
    audit.close()
    vault.close()
    db.close()
  }
  onTestFinished(close)
  return { db, vault, audit, records, close }
}

import path from 'node:path'
import { AppError } from '../../../shared/contract/errors.ts'
import type { Handlers } from '../bus/router.ts'
import type { Db, Reader } from '../db/connection.ts'
import type { Log } from '../log/log.ts'
import type { Redactor } from '../log/redact.ts'
import type { Ports } from '../ports.ts'
import { cleanerOf } from '../services/private-texts.ts'
import { accountsOf } from '../store/accounts.ts'
import { listConnections } from '../store/connections.ts'
import type { Vault } from '../vault/vault.ts'
import { createAuditAnchor } from './audit-anchor.ts'
import { type Audit, createAudit } from './audit-log.ts'
import type { Yes } from './consent.ts'
import { auditQuestion } from './consent-words.ts'

export interface OpenAuditDeps {
  readonly ports: Pick<Ports, 'clock' | 'random' | 'paths'>
  readonly db: Db
  readonly vault: Vault
  readonly log: Log
  readonly redactor: Pick<Redactor, 'text'>
  readonly onProblem: () => void
}

/** The audit log of a data folder: rows in the database, how far they reach in the file `audit-head` beside it too. */
export function openAudit({ ports: { clock, random, paths }, db, vault, log, redactor, onProblem }: OpenAuditDeps): Audit {
  const anchor = createAuditAnchor(path.join(paths.dataDir, 'audit-head'))
  return createAudit({
    db,
    vault,
    clock,
    random,
    log,
    anchor,
    onProblem,
    clean: text => cleanerOf(redactor, accountNumbers(db.reader))(text),
  })
}

/** What brokers know accounts by. */
function accountNumbers(reader: Reader): string[] {
  return listConnections(reader).flatMap(({ id }) => accountsOf(reader, id).flatMap(({ brokerKey, numberHash }) => [brokerKey, numberHash]))
}

/** The routes of the log. */
export function auditHandlers(audit: Audit, yes: Yes): Pick<Handlers, 'audit.verify' | 'audit.page' | 'audit.accept'> {
  return {
    'audit.verify': () => audit.verify(),
    'audit.page': ({ limit, after }) => {
      const { rows, next } = audit.page({ limit, after })
      return { rows: [...rows], next }
    },
    async 'audit.accept'({ shown }, { signal }) {
      const { problem } = await audit.verify()
      if (problem !== null && problem.sentence !== shown) throw new AppError('order/audit-changed')
      if (problem !== null) await yes.require(auditQuestion(problem.sentence), { signal })
      return audit.accept(shown)
    },
  }
}

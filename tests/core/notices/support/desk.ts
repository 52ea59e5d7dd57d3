import { createNoticeDesk, type NoticeDesk } from '../../../../electron/core/notices/desk.ts'
import { createMailer, type Mailer } from '../../../../electron/core/notices/mailer.ts'
import { createLog } from '../../../../electron/core/log/log.ts'
import type { MailMessage, MailServer } from '../../../../electron/core/ports.ts'
import { type Db, openDatabase } from '../../../../electron/core/db/open.ts'
import { standingNotices, type StoredNotice } from '../../../../electron/core/store/notices.ts'
import { Secret } from '../../../../electron/core/vault/secret.ts'
import type { NewEvent } from '../../../../shared/contract/events.ts'
import type { FindingView } from '../../../../shared/contract/health.ts'
import type { ConnectionView } from '../../../../shared/contract/schemas.ts'
import path from 'node:path'
import { fakePorts, tempFolder } from '../../../support/fake-ports.ts'
import { type VirtualClock, virtualClock } from '../../../support/virtual-clock.ts'

export interface NoticeBench {
  readonly clock: VirtualClock
  readonly db: Db
  readonly desk: NoticeDesk
  readonly mailer: Mailer
  /** What stands at present; a test changes it in place. */
  readonly now: { findings: FindingView[]; connections: ConnectionView[] }
  /** What was announced to windows. */
  readonly events: readonly NewEvent[]
  readonly shown: { readonly title: string; readonly body: string }[]
  readonly mails: (MailMessage & { readonly server: MailServer })[]
  /** How the mail server behaves: null takes everything. */
  readonly server: { refuses: Error | null; tries: number }
  standing(): StoredNotice[]
  [Symbol.asyncDispose](): Promise<void>
}

/** A notice desk with its mailer over a real database and a clock that moves only when told to. */
export function noticeBench(start = '2026-11-16T15:00:00.000Z'): NoticeBench {
  const folder = tempFolder()
  const clock = virtualClock({ start })
  const ports = fakePorts(folder.path)
  const db = openDatabase({ file: path.join(folder.path, 'keelson.db'), backupDir: path.join(folder.path, 'backups'), now: clock.now })
  const now: NoticeBench['now'] = { findings: [], connections: [] }
  const mails: NoticeBench['mails'] = []
  const events: NewEvent[] = []
  const server: NoticeBench['server'] = { refuses: null, tries: 0 }
  const log = createLog(() => undefined, clock)
  const mailer = createMailer({
    db, clock, log,
    mail: {
      send(message, to) {
        server.tries += 1
        if (server.refuses) return Promise.reject(server.refuses)
        return Promise.resolve(void mails.push({ ...message, server: to }))
      },
    },
    password: () => Secret.of('a mail password'),
    onChange: () => undefined,
  })
  const desk = createNoticeDesk({
    db, clock, log, random: ports.random, notify: ports.notify, emit: event => void events.push(event),
    findings: () => Promise.resolve(now.findings),
    connections: () => now.connections,
    nameOf: ({ label }) => label,
    onNew: mailer.changed,
  })
  return {
    clock, db, desk, mailer, now, mails, server, events, shown: ports.shown,
    standing: () => standingNotices(db.reader),
    async [Symbol.asyncDispose]() {
      await desk.stop()
      await mailer.stop()
      db.close()
      folder[Symbol.dispose]()
    },
  }
}

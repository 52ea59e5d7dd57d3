import { createNoticeDesk, type NoticeDesk } from '../../../../electron/core/notices/desk.ts'
import { createShown } from '../../../../electron/core/notices/shown.ts'
import { createMailer, type Mailer } from '../../../../electron/core/notices/mailer.ts'
import { createLog } from '../../../../electron/core/log/log.ts'
import type { MailMessage, MailServer, Notify, ShownNotice } from '../../../../electron/core/ports.ts'
import { type Db, openDatabase } from '../../../../electron/core/db/open.ts'
import { standingNotices, type StoredNotice } from '../../../../electron/core/store/notices.ts'
import { Secret } from '../../../../electron/core/vault/secret.ts'
import type { NewEvent } from '../../../../shared/contract/events.ts'
import type { FindingView } from '../../../../shared/contract/health.ts'
import type { ConnectionView } from '../../../../shared/contract/schemas.ts'
import path from 'node:path'
import { fakePorts, tempFolder } from '../../../support/fake-ports.ts'
import { newDatabase } from '../../../support/new-database.ts'
import { type VirtualClock, virtualClock } from '../../../support/virtual-clock.ts'

export interface NoticeBench {
  readonly clock: VirtualClock
  readonly db: Db
  /** The desk of this run. */
  desk: NoticeDesk
  readonly mailer: Mailer
  /** What stands at present; a test changes it in place. */
  readonly now: { findings: FindingView[]; connections: ConnectionView[] }
  /** What was announced to windows. */
  readonly events: readonly NewEvent[]
  readonly shown: ShownNotice[]
  /** Ids of notifications that were taken away. */
  readonly withdrawn: string[]
  /** What the icon of the app was told. */
  readonly counts: number[]
  readonly lock: { closed: boolean }
  /** Whether the system's notifications throw. */
  readonly breaks: { now: boolean }
  emit(event: NewEvent): void
  /** Ends this run and makes the desk of the next one. */
  again(): Promise<void>
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
  const db = openDatabase({ file: newDatabase(folder.path), backupDir: path.join(folder.path, 'backups'), now: clock.now })
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
  const shown: ShownNotice[] = []
  const withdrawn: string[] = []
  const counts: number[] = []
  const lock = { closed: false }
  const breaks = { now: false }
  const notify: Notify = {
    show: notice => {
      if (breaks.now) throw new Error('no notification daemon')
      shown.push(notice)
    },
    withdraw: ids => void withdrawn.push(...ids),
    count: unread => void counts.push(unread),
  }
  const run = () => {
    const outside = createShown({ db, clock, log, notify, isLocked: () => lock.closed })
    const emit = (event: NewEvent): void => {
      events.push(event)
      outside.heard(event)
    }
    const desk = createNoticeDesk({
      db, clock, log, random: ports.random, shown: outside, emit,
      findings: () => Promise.resolve(now.findings),
      connections: () => now.connections,
      nameOf: ({ label }) => label,
      onNew: mailer.changed,
    })
    return { desk, emit }
  }
  const first = run()
  const bench: NoticeBench = {
    clock, db, mailer, now, mails, server, events, shown, withdrawn, counts, lock, breaks, ...first,
    async again() {
      await bench.desk.stop()
      Object.assign(bench, run())
    },
    standing: () => standingNotices(db.reader),
    async [Symbol.asyncDispose]() {
      await bench.desk.stop()
      await mailer.stop()
      db.close()
      folder[Symbol.dispose]()
    },
  }
  return bench
}

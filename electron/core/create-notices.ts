import type { FindingView } from '../../shared/contract/health.ts'
import type { ConnectionView } from '../../shared/contract/schemas.ts'
import type { Events } from './bus/events.ts'
import type { Db } from './db/open.ts'
import type { Log } from './log/log.ts'
import { createNoticeDesk } from './notices/desk.ts'
import { createMailer } from './notices/mailer.ts'
import { createShown } from './notices/shown.ts'
import type { Ports } from './ports.ts'
import { createNoticeService, mailPassword } from './services/notices.ts'
import type { Vault } from './vault/vault.ts'

export interface NoticePartsDeps {
  readonly ports: Ports
  readonly log: Log
  readonly db: Db
  readonly vault: Vault
  readonly events: Events
  readonly findings: () => Promise<readonly FindingView[]>
  readonly connections: () => readonly ConnectionView[]
  readonly nameOf: (connection: ConnectionView) => string
  /** True while the app lock is closed. */
  readonly isLocked: () => boolean
}

export interface NoticeParts {
  readonly handlers: ReturnType<typeof createNoticeService>
  start(): void
  stop(): Promise<void>
}

const TELLING: ReadonlySet<string> = new Set(['connections.changed', 'vault.changed', 'schedule.changed', 'orders.changed'])

/** Everything that says something without being asked: the notice centre, the system's notifications and e-mail. */
export function createNotices({ ports, log, db, vault, events, findings, connections, nameOf, isLocked }: NoticePartsDeps): NoticeParts {
  const { clock, random, notify, mail, power } = ports
  const emit = events.emit
  const mailer = createMailer({ db, clock, mail, log, password: () => mailPassword(db, vault), onChange: () => emit({ type: 'notices.changed' }) })
  const shown = createShown({ db, clock, notify, log, isLocked })
  const desk = createNoticeDesk({ db, clock, random, shown, log, emit, findings, connections, nameOf, onNew: mailer.changed })
  const forget: (() => void)[] = []
  let isOn = false
  return {
    handlers: createNoticeService({
      db, clock, vault, mailer, emit, changed: desk.changed, refresh: () => (isOn ? Promise.resolve() : desk.look()),
    }),
    start() {
      isOn = true
      desk.start()
      mailer.start()
      forget.push(
        power.onResume(desk.changed),
        events.subscribe(event => {
          shown.heard(event)
          if (TELLING.has(event.type)) desk.changed()
        }),
      )
    },
    async stop() {
      for (const end of forget.splice(0)) end()
      await desk.stop()
      await mailer.stop()
    },
  }
}

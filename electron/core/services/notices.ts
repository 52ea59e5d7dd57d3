import { AppError } from '../../../shared/contract/errors.ts'
import type { NewEvent } from '../../../shared/contract/events.ts'
import type { MailSettingsView, NoticeView } from '../../../shared/contract/notices.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Handlers } from '../bus/router.ts'
import type { Db } from '../db/open.ts'
import { requireStanding } from '../notices/desk.ts'
import type { Mailer } from '../notices/mailer.ts'
import { isUnread } from '../notices/shown.ts'
import type { Clock } from '../ports.ts'
import { readMail, type StoredMail, writeMail } from '../store/mail-settings.ts'
import { dismissNotice, endedNotices, markRead, snoozeNotice, standingNotices, type StoredNotice } from '../store/notices.ts'
import { deleteSecrets, readSecret, writeSecret } from '../store/secrets.ts'
import { Secret } from '../vault/secret.ts'
import type { SecretScope, Vault } from '../vault/vault.ts'

export interface NoticeServiceDeps {
  readonly db: Db
  readonly clock: Clock
  readonly vault: Vault
  readonly mailer: Mailer
  readonly emit: (event: NewEvent) => void
  /** Looks now where nothing looks by itself, as in a command of its own. */
  readonly refresh: () => Promise<void>
  /** Looks again soon: a snooze has an end. */
  readonly changed: () => void
}

type NoticeHandlers = Pick<
  Handlers,
  'notices.list' | 'notices.read' | 'notices.snooze' | 'notices.dismiss' | 'notices.settings' | 'notices.setMail' | 'notices.testMail'
>

const OWNER = 'app:mail'
const FIELD = 'smtp-password'
const DAY_MS = 86_400_000
const SHOWN_AFTER_END_MS = 30 * DAY_MS
const LONGEST_SNOOZE_MS = 30 * DAY_MS
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i

/** The password of the mail server out of the vault; null without one. Throws vault/locked and vault/tampered. */
export function mailPassword(db: Db, vault: Vault): Secret | null {
  const row = readSecret(db.reader, OWNER, FIELD)
  return row && vault.open({ owner: OWNER, field: FIELD, version: row.version }, row.sealed)
}

/** The notice centre and its e-mail. */
export function createNoticeService({ db, clock, vault, mailer, emit, refresh, changed }: NoticeServiceDeps): NoticeHandlers {
  const told = (): void => {
    emit({ type: 'notices.changed' })
    changed()
  }
  const mailView = (): MailSettingsView => ({ ...readMail(db.reader), hasPassword: readSecret(db.reader, OWNER, FIELD) !== null })

  /** Sealed anew when one was typed; one that belongs to another server or user is not sent to this one. */
  function savePassword(typed: string | undefined, isSameLogin: boolean): void {
    if (typed === undefined && isSameLogin) return
    if (typed === undefined || typed === '') return deleteSecrets(db.writer, OWNER)
    const scope: SecretScope = { owner: OWNER, field: FIELD, version: (readSecret(db.reader, OWNER, FIELD)?.version ?? 0) + 1 }
    writeSecret(db.writer, scope, vault.seal(scope, Secret.of(typed)))
  }

  return {
    async 'notices.list'({ includeEnded = false }) {
      await refresh()
      const now = clock.now()
      const standing = standingNotices(db.reader).filter(({ dismissedAt }) => dismissedAt === null)
      const ended = includeEnded ? endedNotices(db.reader, Instant.plus(now, -SHOWN_AFTER_END_MS)) : []
      return { unread: standing.filter(notice => isUnread(notice, now)).length, notices: [...standing, ...ended].map(viewOf) }
    },
    'notices.read'({ ids }) {
      const now = clock.now()
      db.writer.tx(w => {
        for (const id of ids) markRead(w, id, now)
      })
      told()
      return {}
    },
    'notices.snooze'({ id, until }) {
      const ms = Instant.msBetween(clock.now(), until)
      if (ms > LONGEST_SNOOZE_MS) throw new AppError('auth/bad-field', { details: { field: 'until', problem: 'A notice can be kept quiet for 30 days at most.' } })
      requireStanding(snoozeNotice(db.writer, id, ms <= 0 ? null : until))
      told()
      return {}
    },
    'notices.dismiss'({ id }) {
      requireStanding(dismissNotice(db.writer, id, clock.now()))
      told()
      return {}
    },
    'notices.settings': () => ({ mail: mailView() }),
    'notices.setMail'({ password, ...asked }) {
      if (asked.security === 'none' && !LOOPBACK.test(asked.host))
        throw new AppError('auth/bad-field', { details: { field: 'security', problem: 'Without encryption only a server on this machine is taken.' } })
      const before = readMail(db.reader)
      const isSameLogin = before.host === asked.host && before.port === asked.port && before.user === asked.user
      db.writer.tx(w => {
        savePassword(password, isSameLogin)
        writeMail(w, { ...before, ...asked, lastError: null } satisfies StoredMail)
      })
      mailer.changed()
      told()
      return { mail: mailView() }
    },
    'notices.testMail': (_, { signal }) => mailer.test({ signal }),
  }
}

function viewOf({ id, kind, severity, connectionId, code, title, body, action, createdAt, readAt, snoozedUntil, endedAt }: StoredNotice): NoticeView {
  return { id, kind, severity, connectionId, code, title, body, action, createdAt, readAt, snoozedUntil, endedAt }
}

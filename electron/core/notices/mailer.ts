import { AppError, toErrorView } from '../../../shared/contract/errors.ts'
import { SEVERITIES, type Severity } from '../../../shared/domain/connection-health.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Db } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import type { Clock, Mail, MailServer } from '../ports.ts'
import { readMail, type StoredMail, writeMail } from '../store/mail-settings.ts'
import { markMailed, standingNotices, type StoredNotice } from '../store/notices.ts'
import type { Secret } from '../vault/secret.ts'
import { mailOf } from './mail-text.ts'

export interface MailerDeps {
  readonly db: Db
  readonly clock: Clock
  readonly mail: Mail
  readonly log: Log
  /** The server's password; null without one. Throws vault/locked. */
  readonly password: () => Secret | null
  readonly onChange: () => void
}

/** Mails new notices, those of a minute together; what could not be sent is tried again, each notice once. */
export interface Mailer {
  /** There may be something to mail. */
  changed(): void
  /** Sends a message now. Rejects with mail/... and vault/locked. */
  test(options: { readonly signal: AbortSignal }): Promise<{ readonly to: string }>
  start(): void
  stop(): Promise<void>
}

const TOGETHER_MS = 60_000
const FIRST_RETRY_MS = 120_000
const LONGEST_RETRY_MS = 3_600_000
const PATIENCE_MS = 60_000

export function createMailer({ db, clock, mail, log, password, onChange }: MailerDeps): Mailer {
  const closing = new AbortController()
  let isOn = false
  let failures = 0
  let stopTimer: (() => void) | undefined
  let underWay: Promise<void> = Promise.resolve()
  /** Mailed and not noted yet: a disk that takes no note is no reason to mail them again. */
  const unnoted = new Set<string>()

  function plan(ms: number): void {
    if (!isOn || stopTimer) return
    stopTimer = clock.after(ms, () => {
      stopTimer = undefined
      underWay = sendNew().catch((cause: unknown) => {
        log.warn('mail.not-noted', { cause })
        plan(FIRST_RETRY_MS)
      })
    })
  }

  async function sendNew(): Promise<void> {
    const settings = readMail(db.reader)
    const notices = pending(settings)
    if (notices.length + unnoted.size === 0) return
    try {
      if (notices.length > 0) await send(settings, mailOf(notices), closing.signal)
    } catch (cause) {
      if (closing.signal.aborted) return
      const error = cause instanceof AppError ? cause : new AppError('app/internal', { cause })
      failures += 1
      log.warn('mail.failed', { failure: error.code, failures })
      plan(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1)))
      const { code, message, action } = toErrorView(error)
      writeMail(db.writer, { ...readMail(db.reader), lastError: { code, message, action } })
      onChange()
      return
    }
    failures = 0
    for (const { id } of notices) unnoted.add(id)
    const now = clock.now()
    db.writer.tx(w => {
      for (const id of unnoted) markMailed(w, id, now)
      writeMail(w, { ...readMail(w), lastSentAt: now, lastError: null })
    })
    unnoted.clear()
    log.info('mail.sent', { count: notices.length })
    onChange()
    plan(TOGETHER_MS)
  }

  function pending(settings: StoredMail): StoredNotice[] {
    if (!settings.enabled) return []
    const now = clock.now()
    return standingNotices(db.reader)
      .filter(({ id, severity, mailedAt, readAt, dismissedAt, snoozedUntil }) => {
        const isQuiet = snoozedUntil !== null && Instant.isBefore(now, snoozedUntil)
        return mailedAt === null && !unnoted.has(id) && readAt === null && dismissedAt === null && !isQuiet && rank(severity) >= rank(settings.least)
      })
      .toSorted((a, b) => rank(b.severity) - rank(a.severity))
  }

  async function send(settings: StoredMail, message: ReturnType<typeof mailOf>, signal: AbortSignal): Promise<void> {
    const { from, to } = settings
    if (settings.host === '' || from === '' || to === '') throw new AppError('mail/not-set')
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)])
    await mail.send({ ...message, from, to }, serverOf(settings), { signal: patience }).catch((cause: unknown) => {
      const isLate = cause instanceof AppError && cause.code === 'app/canceled' && !signal.aborted
      throw isLate ? new AppError('mail/unreachable', { details: { host: settings.host }, cause }) : cause
    })
  }

  function serverOf({ host, port, security, user }: StoredMail): MailServer {
    const secret = user === '' ? null : password()
    if (secret) log.guard(secret)
    return { host, port, security, login: user === '' ? null : { user, password: secret?.reveal() ?? '' } }
  }

  return {
    changed: () => plan(TOGETHER_MS),
    async test({ signal }) {
      const settings = readMail(db.reader)
      const example = { title: 'This is a test', body: 'Notices will reach you at this address.', severity: 'notice' } as const
      await send(settings, mailOf([example]), AbortSignal.any([signal, closing.signal]))
      writeMail(db.writer, { ...readMail(db.reader), lastSentAt: clock.now(), lastError: null })
      failures = 0
      onChange()
      plan(TOGETHER_MS)
      return { to: settings.to }
    },
    start() {
      isOn = true
      plan(TOGETHER_MS)
    },
    async stop() {
      isOn = false
      stopTimer?.()
      stopTimer = undefined
      closing.abort()
      await underWay
    },
  }
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity)
}

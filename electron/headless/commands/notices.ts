import type { NoticeView } from '../../../shared/contract/notices.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { momentWords } from '../moment.ts'
import type { CommandContext } from './context.ts'

/** `keelson notices`: what stands, newest first. */
export async function showNotices({ client, terminal, json, signal }: CommandContext, { all }: { readonly all: boolean }): Promise<ExitCode> {
  const list = await client.request('notices.list', { includeEnded: all }, signal)
  if (json) terminal.out(JSON.stringify(list))
  else terminal.out(list.notices.length === 0 ? 'Nothing needs you.' : list.notices.map(one => describe(one, terminal)).join('\n\n'))
  return EXIT.ok
}

/** `keelson notices snooze`: keeps one quiet for some hours. */
export async function snoozeNotice({ client, terminal, json, signal }: CommandContext, id: string, hours: number): Promise<ExitCode> {
  const { now } = await client.request('app.status', {}, signal)
  const until = Instant.plus(now, hours * 3_600_000)
  await client.request('notices.snooze', { id, until }, signal)
  terminal.out(json ? JSON.stringify({ id, until }) : `Quiet until ${momentWords(until, terminal)}.`)
  return EXIT.ok
}

/** `keelson notices dismiss`: takes one off the list. */
export async function dismissNotice({ client, terminal, json, signal }: CommandContext, id: string): Promise<ExitCode> {
  await client.request('notices.dismiss', { id }, signal)
  terminal.out(json ? JSON.stringify({ id }) : 'Taken off the list.')
  return EXIT.ok
}

export interface MailOptions {
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly security?: 'tls' | 'starttls' | 'none' | undefined
  readonly user?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly least?: 'notice' | 'warning' | 'danger' | undefined
  readonly off?: boolean | undefined
  readonly test?: boolean | undefined
}

/** `keelson notices mail`: shows or changes where notices are mailed; the password is read from `KEELSON_SMTP_PASSWORD` or asked for. */
export async function noticeMail({ client, terminal, json, signal }: CommandContext, { off = false, test = false, ...asked }: MailOptions): Promise<ExitCode> {
  const before = (await client.request('notices.settings', {}, signal)).mail
  const isChanged = off || Object.values(asked).some(value => value !== undefined)
  if (isChanged) {
    const { host = before.host, port = before.port, security = before.security, user = before.user, from = before.from, to = before.to, least = before.least } = asked
    const password = await passwordFor(terminal, { user, asks: asked.user !== undefined || asked.host !== undefined })
    await client.request('notices.setMail', { enabled: !off, host, port, security, user, from, to, least, ...(password === undefined ? {} : { password }) }, signal)
  }
  if (test) {
    const { to } = await client.request('notices.testMail', {}, signal)
    if (!json) terminal.out(`A test message was sent to ${to}.`)
  }
  const { mail } = await client.request('notices.settings', {}, signal)
  if (json) terminal.out(JSON.stringify(mail))
  else if (!mail.enabled) terminal.out('Notices are not mailed.')
  else terminal.out(`Notices from "${mail.least}" on are mailed to ${mail.to} through ${mail.host}:${mail.port} (${mail.security}).${mail.lastError ? ` ${mail.lastError.message} ${mail.lastError.action}` : ''}`)
  return EXIT.ok
}

async function passwordFor(terminal: CommandContext['terminal'], { user, asks }: { readonly user: string; readonly asks: boolean }): Promise<string | undefined> {
  const given = terminal.env['KEELSON_SMTP_PASSWORD']
  if (given !== undefined && given !== '') return given
  return user !== '' && asks && terminal.interactive ? await terminal.readHidden(`Password of ${user} at the mail server: `) : undefined
}

function describe({ id, severity, title, body, readAt, snoozedUntil, endedAt }: NoticeView, reader: CommandContext['terminal']): string {
  const standing = endedAt ? `ended ${momentWords(endedAt, reader)}` : snoozedUntil ? `quiet until ${momentWords(snoozedUntil, reader)}` : readAt ? 'read' : 'new'
  return `${severity.padEnd(7)}  ${title} (${standing})\n         ${body}\n         ${id}`
}

import type { MailSettingsView } from '../../../shared/contract/notices.ts'
import type { MailForm } from '../../state/notices.ts'

/** What stands in the e-mail form. */
export interface MailDraft {
  readonly enabled: boolean
  readonly host: string
  readonly port: string
  readonly security: MailSettingsView['security']
  readonly user: string
  readonly password: string
  readonly from: string
  readonly to: string
  readonly least: MailSettingsView['least']
}

const HIGHEST_PORT = 65_535
const ADDRESS = /^[^\s@]+@[^\s@]+$/
const HOST = /^[A-Za-z0-9.:[\]-]+$/

/** The form as it begins; the password is never shown again. */
export function emptyForm({ enabled, host, port, security, user, from, to, least }: MailSettingsView): MailDraft {
  return { enabled, host, port: String(port), security, user, password: '', from, to, least }
}

/** True when there is something saved to be tested. */
export function isWritten({ host, to }: Pick<MailSettingsView, 'host' | 'to'>): boolean {
  return host !== '' && to !== ''
}

/** What is wrong, by field; empty when it may be sent. */
export function mailProblems({ host, port, from, to }: MailDraft): Partial<Record<keyof MailDraft, string>> {
  const number = Number(port)
  const address = (text: string) => (ADDRESS.test(text.trim()) ? null : 'An e-mail address, such as you@example.com.')
  const found = {
    host: HOST.test(host.trim()) ? null : 'The name of the server, such as smtp.example.com.',
    port: /^\d+$/.test(port.trim()) && number >= 1 && number <= HIGHEST_PORT ? null : 'A number from 1 to 65535.',
    from: address(from),
    to: address(to),
  }
  return Object.fromEntries(Object.entries(found).filter(([, problem]) => problem !== null))
}

/** What is sent: a password that was not typed is left out, so that the one there is stays. */
export function mailInput({ password, port, host, user, from, to, ...rest }: MailDraft): MailForm {
  const typed = { host: host.trim(), port: Number(port), user: user.trim(), from: from.trim(), to: to.trim() }
  return { ...rest, ...typed, ...(password === '' ? {} : { password }) }
}

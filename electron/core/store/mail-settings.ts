import type { MailSettingsView } from '../../../shared/contract/notices.ts'
import type { Reader, Writer } from '../db/open.ts'
import { sql } from '../db/sql.ts'
import { json } from './cells.ts'

/** Where notices are mailed, without the password, which lies sealed in the secrets, and how the last sending went. */
export type StoredMail = Omit<MailSettingsView, 'hasPassword'>

/** Nothing set yet. */
export const NO_MAIL: StoredMail = {
  enabled: false, host: '', port: 587, security: 'starttls', user: '', from: '', to: '', least: 'warning', lastSentAt: null, lastError: null,
}

export function readMail(reader: Reader): StoredMail {
  const row = reader.get(sql`SELECT value FROM meta WHERE name = 'mail'`)
  return row ? { ...NO_MAIL, ...json<Partial<StoredMail>>(row, 'value') } : NO_MAIL
}

export function writeMail(writer: Writer, mail: StoredMail): void {
  const value = JSON.stringify(mail)
  writer.run(sql`INSERT INTO meta (name, value) VALUES ('mail', ${value}) ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
}

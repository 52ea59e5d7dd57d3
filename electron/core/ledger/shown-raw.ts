// Brokers name an account's number in many of their rows: accountNumber, account_id, account-number, acctId, displayAcctId, ...
const NUMBER = /("[a-z_-]*acc(?:oun)?t[ _-]?(?:number|no|num|id|idkey|alias|code)?"\s*:\s*)("(?:[^"\\]|\\.)*"|-?\d+)/gi
const SHORT = 4

/**
 * The broker's text of a row as it may be shown: account numbers keep their last characters only. Everything else stays as the
 * broker sent it.
 */
export function shownRaw(raw: string): string {
  return raw.replaceAll(NUMBER, (_: string, key: string, value: string) => `${key}"${masked(value.replaceAll('"', ''))}"`)
}

function masked(value: string): string {
  const plain = value.replaceAll(/[^0-9A-Za-z]/g, '')
  if (!/\d/.test(plain) || plain.length < SHORT) return value
  return `••••${plain.slice(plain.length >= 8 ? -4 : -2)}`
}

import { homedir, hostname, userInfo } from 'node:os'
import type { Redactor } from '../log/redact.ts'
import type { Reader } from '../db/open.ts'
import { accountsOf } from '../store/accounts.ts'
import { methodsOf } from '../store/connection-methods.ts'
import { listConnections } from '../store/connections.ts'

/** Shorter ones are words of any text. */
const SHORTEST = 4

/** What names this computer and the person at it. */
export function ownNames(): string[] {
  return [homedir(), hostname(), accountName()]
}

/** What the user typed or a broker said of the user: names of connections and accounts, keys of accounts, fields of forms. */
export function privateTexts(reader: Reader): string[] {
  return listConnections(reader).flatMap(({ id, label }) => [
    label,
    ...accountsOf(reader, id).flatMap(account => [account.name, account.brokerKey, account.maskedNumber, account.numberHash]),
    ...methodsOf(reader, id).flatMap(({ settings }) => Object.values(settings)),
  ])
}

/** Takes these out of a text, and every secret the log knows of. */
export function cleanerOf(redactor: Pick<Redactor, 'text'>, texts: readonly string[]): (text: string) => string {
  const longestFirst = texts.filter(one => one.length >= SHORTEST).toSorted((a, b) => b.length - a.length)
  return text => longestFirst.reduce((rest, one) => (rest.includes(one) ? rest.replaceAll(one, '[private]') : rest), redactor.text(text))
}

function accountName(): string {
  try {
    return userInfo().username
  } catch {
    return ''
  }
}

import { InvalidArgumentError } from 'commander'
import { MOST_HOURS } from '../../shared/contract/health.ts'
import { RequestIdSchema } from '../../shared/contract/orders.ts'
import { LocalDate } from '../../shared/domain/time.ts'

const MOST_ROWS = 100_000

/** A reader for an option's value that explains what is wrong with it. */
export function valid<T>(read: (text: string) => T | null, sentence: string): (text: string) => T {
  return text => {
    const value = read(text)
    if (value === null) throw new InvalidArgumentError(`It ${sentence}.`)
    return value
  }
}

export function readDay(text: string): LocalDate | null {
  return LocalDate.is(text) ? text : null
}

export function readCount(text: string): number | null {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0
  return count >= 1 && count <= MOST_ROWS ? count : null
}

export function readHours(text: string): number | null {
  const hours = /^\d{1,4}$/.test(text) ? Number(text) : 0
  return hours >= 1 && hours <= MOST_HOURS ? hours : null
}

export function readPortNumber(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : null
}

export function readSeed(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null
}

export function readCurrency(text: string): string | null {
  return /^[A-Za-z]{3}$/.test(text) ? text.toUpperCase() : null
}

export function readAccountName(text: string): string | null {
  const name = text.trim()
  return name.length >= 1 && name.length <= 80 ? name : null
}

/** A number as statements write it, blanks and dashes among the digits. */
export function readAccountNumber(text: string): string | null {
  const number = text.trim()
  return number.length >= 2 && number.length <= 40 && /[0-9A-Za-z]/.test(number) ? number : null
}

/** Words to look for. */
export function readSearch(text: string): string | null {
  const words = text.trim()
  return words.length >= 1 && words.length <= 100 ? words : null
}

/** A symbol as it is shown. */
export function readSymbol(text: string): string | null {
  const symbol = text.trim()
  return symbol.length >= 1 && symbol.length <= 64 ? symbol : null
}

/** What somebody calls an order of his own. */
export function readRequestId(text: string): string | null {
  return RequestIdSchema.safeParse(text).data ?? null
}

/** Where a page ended, as the page before said it. */
export function readNext(text: string): string | null {
  return /^-?\d{1,16}\.\d{1,15}$/.test(Buffer.from(text, 'base64url').toString('latin1')) ? text : null
}

/** A reader for `--field name=value`, which may come several times. */
export function readField(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const [, name, value] = /^([a-z][a-z0-9-]{0,40})=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It must look like name=value.')
  return { ...before, [name]: value }
}

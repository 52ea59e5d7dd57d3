import { InvalidArgumentError } from 'commander'
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

export function readSeed(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null
}

export function readCurrency(text: string): string | null {
  return /^[A-Za-z]{3}$/.test(text) ? text.toUpperCase() : null
}

/** A reader for `--field name=value`, which may come several times. */
export function readField(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const [, name, value] = /^([a-z][a-z0-9-]{0,40})=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It must look like name=value.')
  return { ...before, [name]: value }
}

import type { BrokerView } from '../../../shared/contract/app.ts'

export const COLUMNS = ['name', 'assets', 'oauth', 'life', 'again', 'rate', 'paper', 'fees', 'rating'] as const
export type Column = (typeof COLUMNS)[number]

export const COLUMN_WORDS: Readonly<Record<Column, string>> = {
  name: 'Broker',
  assets: 'Assets',
  oauth: 'Sign-in',
  life: 'Token life',
  again: 'Sign in again',
  rate: 'Rate limit',
  paper: 'Paper account',
  fees: 'Fees',
  rating: 'Rating',
}

export interface Sorting {
  readonly column: Column
  readonly descending: boolean
}

/** A click on a heading: the other way round, or another column. */
export function resorted(before: Sorting, column: Column): Sorting {
  return before.column === column ? { column, descending: !before.descending } : { column, descending: false }
}

const SECONDS: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
  month: 2_629_800,
  year: 31_557_600,
}
const NUMBERS: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  every: 1,
  each: 1,
  one: 1,
  two: 2,
  three: 3,
  five: 5,
  six: 6,
  seven: 7,
  ten: 10,
  thirty: 30,
  ninety: 90,
}

/**
 * The span of time a sentence names first, in seconds: `15 minutes, renewed` is 900, `Every seven days` a week, anything that ends at
 * midnight a day. Endless for one that names none.
 */
export function spanIn(text: string): number {
  if (/\b(?:daily|midnight)\b/i.test(text)) return 86_400
  for (const [, count = '', unit = ''] of text.matchAll(/\b(\d+|[a-z]+)[\s-]+(second|minute|hour|day|week|month|year)s?\b/gi)) {
    const times = Number(count) || NUMBERS[count.toLowerCase()]
    if (times !== undefined) return times * (SECONDS[unit.toLowerCase()] ?? 1)
  }
  return Number.POSITIVE_INFINITY
}

/** Calls a minute: `50 messages a second` is 3000. Zero for a sentence without a number. */
export function perMinute(text: string): number {
  const count = Number(/\d[\d,]*/.exec(text)?.[0].replaceAll(',', '') ?? 0)
  return /second/i.test(text) ? count * 60 : /hour/i.test(text) ? count / 60 : count
}

type Key = string | number

function keyOf({ name, facts }: BrokerView, column: Column): Key {
  switch (column) {
    case 'name':
      return name
    case 'assets':
      return facts.assetClasses.length
    case 'oauth':
      return facts.oauth
    case 'life':
      return spanIn(facts.tokenLife)
    case 'again':
      return spanIn(facts.signInAgain)
    case 'rate':
      return perMinute(facts.rateLimit)
    case 'paper':
      return facts.paper
    case 'fees':
      return facts.fees.text
    case 'rating':
      return facts.rating?.text ?? '\uffff'
  }
}

/** Brokers in order; equal ones by name. */
export function sortBrokers(brokers: readonly BrokerView[], { column, descending }: Sorting): BrokerView[] {
  const direction = descending ? -1 : 1
  return brokers.toSorted((a, b) => direction * compare(keyOf(a, column), keyOf(b, column)) || a.name.localeCompare(b.name))
}

function compare(a: Key, b: Key): number {
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a < b ? -1 : 1
  return String(a).localeCompare(String(b))
}

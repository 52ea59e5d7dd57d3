import { hash } from 'node:crypto'

const DIGITS = 24
/** Twelve hexadecimal digits are a whole number any double holds. */
const NAME_DIGITS = 12

/** What tells a run: its account's number, its book, and the key of what opened it, so that its id stays whatever comes before or after. */
export interface TripOpening {
  readonly account: number
  readonly symbol: string
  readonly currency: string
  readonly key: string
}

function digitsOf({ symbol, currency, key }: Omit<TripOpening, 'account'>): string {
  return hash('sha1', `${symbol}|${currency}|${key}`, 'hex').slice(0, DIGITS)
}

/** The id of a run. */
export function tripId(opening: TripOpening): string {
  return `trp_${opening.account}_${digitsOf(opening)}`
}

/** The number runs are looked up by; a few may share it. */
export function tripName(opening: Omit<TripOpening, 'account'>): number {
  return Number.parseInt(digitsOf(opening).slice(0, NAME_DIGITS), 16)
}

/** Where to look for the run of an id; null for what is no id of a run. */
export function readTripId(id: string): { readonly account: number; readonly name: number } | null {
  const [, account = '', digits = ''] = /^trp_(\d{1,15})_([0-9a-f]{24})$/.exec(id) ?? []
  return digits === '' ? null : { account: Number(account), name: Number.parseInt(digits.slice(0, NAME_DIGITS), 16) }
}

import { Dec } from '../../../shared/domain/decimal.ts'
import { doubles } from './lots/kernel.ts'

/** A sum on its way: most of it as a whole number of hundred-millionths, which costs a fraction of adding text, and the rest as text. */
export interface Tally {
  digits: number
  rest: Dec
}

const PLACES = 8
/** What is read is below 10^15, so that no step passes what a double holds exactly. */
const WHOLE_LENGTH = 7
const MOST = Number.MAX_SAFE_INTEGER / 2
const MOST_ADDED = 1e15

export function newTally(): Tally {
  return { digits: 0, rest: Dec.zero }
}

/** Adds a value, exactly. */
export function addTo(tally: Tally, value: Dec): void {
  if (value === Dec.zero) return
  const decimals = Dec.decimals(value)
  const isShort = value.length - (decimals === 0 ? 0 : decimals + 1) <= WHOLE_LENGTH && decimals <= PLACES
  if (!isShort) {
    tally.rest = Dec.add(tally.rest, value)
    return
  }
  addDigits(tally, doubles.read(value, PLACES))
}

/** Adds a whole number at a scale, exactly. */
export function addScaled(tally: Tally, value: number, scale: number): void {
  if (scale !== PLACES || value > MOST_ADDED || value < -MOST_ADDED) addTo(tally, Dec.ofScaled(value, scale))
  else addDigits(tally, value)
}

function addDigits(tally: Tally, value: number): void {
  tally.digits += value
  if (tally.digits < MOST && tally.digits > -MOST) return
  tally.rest = totalOf(tally)
  tally.digits = 0
}

/** All of it. */
export function totalOf({ digits, rest }: Tally): Dec {
  return Dec.add(rest, Dec.ofScaled(digits, PLACES))
}

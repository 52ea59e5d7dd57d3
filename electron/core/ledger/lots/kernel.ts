import { Dec } from '../../../../shared/domain/decimal.ts'

/**
 * Exact integer arithmetic for amounts of one scale. Two kinds do the same work: doubles, which are exact up to 2^53 and several
 * times faster, and BigInt, which never ends. Doubles throw TooLarge instead of rounding, and the work is done again with BigInt.
 */
export interface Kernel<N> {
  readonly zero: N
  /** The value at a scale: `1.5` at 4 is 15000. Throws RangeError for one with more decimals. */
  read(value: Dec, scale: number): N
  write(value: N, scale: number): Dec
  add(a: N, b: N): N
  sub(a: N, b: N): N
  mul(a: N, b: N): N
  neg(a: N): N
  /** -1, 0 or 1. */
  cmp(a: N, b: N): number
  /** a times b divided by c, towards zero, to a multiple of `step`. */
  share(a: N, b: N, c: N, step: N): N
  isMultiple(a: N, step: N): boolean
  /** 10 to the power of `scale`. */
  ten(scale: number): N
}

/** Thrown by `doubles` where a double would round. */
export class TooLarge extends Error {}

const DOT = 46
const MINUS = 45
const ZERO = 48
/** Sixteen digits, a sign and a point: more never fit, and fewer are told by what they come to. */
const LONGEST = 18

function safe(value: number): number {
  if (value > Number.MAX_SAFE_INTEGER || value < -Number.MAX_SAFE_INTEGER) throw new TooLarge()
  return value
}

/** Reads digit by digit: a third of the cost of Number() on slices. */
function readDouble(value: Dec, scale: number): number {
  const { length } = value
  if (length > LONGEST) throw new TooLarge()
  let digits = 0
  let decimals = -1
  const isNegative = value.charCodeAt(0) === MINUS
  for (let at = isNegative ? 1 : 0; at < length; at += 1) {
    const code = value.charCodeAt(at)
    if (code === DOT) decimals = 0
    else {
      digits = digits * 10 + (code - ZERO)
      if (decimals >= 0) decimals += 1
    }
  }
  if (digits === 0) return 0
  const missing = decimals < 0 ? scale : scale - decimals
  if (missing < 0) throw new RangeError('more decimals than the scale has')
  const whole = safe(digits * (POWERS[missing] ?? Number.POSITIVE_INFINITY))
  return isNegative ? -whole : whole
}

const POWERS: readonly number[] = Array.from({ length: 23 }, (_, power) => 10 ** power)

/** a by b without the rest, both whole and not negative: exact below 2^53, where no quotient is near enough to the next whole number to round to it. */
const quotient = (a: number, b: number): number => Math.floor(a / b)

export const doubles: Kernel<number> = {
  zero: 0,
  read: readDouble,
  write: Dec.ofScaled,
  add: (a, b) => safe(a + b),
  sub: (a, b) => safe(a - b),
  mul: (a, b) => safe(a * b),
  neg: a => (a === 0 ? 0 : -a),
  cmp: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  share(a, b, c, step) {
    const product = safe(a * b)
    const isNegative = product < 0 !== c < 0
    const whole = quotient(Math.abs(product), Math.abs(c))
    const cut = quotient(whole, step) * step
    return isNegative && cut !== 0 ? -cut : cut
  },
  isMultiple: (a, step) => a % step === 0,
  ten: scale => safe(POWERS[scale] ?? Number.POSITIVE_INFINITY),
}

export const bigs: Kernel<bigint> = {
  zero: 0n,
  read(value, scale) {
    const decimals = Dec.decimals(value)
    if (decimals > scale) throw new RangeError('more decimals than the scale has')
    return BigInt(value.replace('.', '')) * 10n ** BigInt(scale - decimals)
  },
  write: (value, scale) => Dec.ofDigits(String(value < 0n ? -value : value), value < 0n, scale),
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  neg: a => -a,
  cmp: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  share(a, b, c, step) {
    const whole = (a * b) / c
    return whole - (whole % step)
  },
  isMultiple: (a, step) => a % step === 0n,
  ten: scale => 10n ** BigInt(scale),
}

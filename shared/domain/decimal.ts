import Big from 'big.js'

Big.strict = true

/**
 * An exact decimal as canonical text: no exponent, no leading or trailing zeros, no plus sign, never "-0".
 * Equal values have equal text, so `===` compares and hashes are stable.
 */
export type Dec = string & { readonly __brand: 'Dec' }

const CANONICAL = /^(?:0|-?(?:[1-9]\d*|0(?=\.))(?:\.\d*[1-9])?)$/
const LITERAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/
const MAX_LENGTH = 64
const SAFE_DIGITS = 15

const ZERO = '0' as Dec
const ONE = '1' as Dec

/** Reads a decimal literal (plain or with an exponent). Throws RangeError on anything else, on over 64 characters and beyond 1e±40. */
function of(text: string): Dec {
  if (text.length <= MAX_LENGTH && CANONICAL.test(text)) return text as Dec
  const trimmed = text.trim()
  if (trimmed.length === 0 || trimmed.length > MAX_LENGTH || !LITERAL.test(trimmed)) throw new RangeError('not a decimal')
  const plain = trimmed.startsWith('+') ? trimmed.slice(1) : trimmed
  return canonical(new Big(plain))
}

/** True for text that is already a canonical decimal. */
function isCanonical(text: string): text is Dec {
  return text.length <= MAX_LENGTH && CANONICAL.test(text)
}

function canonical(value: Big): Dec {
  if (value.e > 40 || value.e < -40) throw new RangeError('decimal out of range')
  const text = value.toFixed()
  return (text === '-0' ? '0' : text) as Dec
}

const [DOT, DIGIT_ZERO] = [46, 48]

/** The digits as a safe integer with their scale, or undefined when the number is too long for exact integer arithmetic. */
function scaled(value: Dec): { digits: number; scale: number } | undefined {
  const { length } = value
  if (length > SAFE_DIGITS) return undefined
  const isNegative = value.startsWith('-')
  let digits = 0
  let dot = length - 1
  for (let at = isNegative ? 1 : 0; at < length; at += 1) {
    const code = value.charCodeAt(at)
    if (code === DOT) dot = at
    else digits = digits * 10 + (code - DIGIT_ZERO)
  }
  return { digits: isNegative ? -digits : digits, scale: length - 1 - dot }
}

const POWERS: readonly number[] = Array.from({ length: 23 }, (_, power) => 10 ** power)
/** The digits behind the point by how many there are, for up to four: `05`. */
const FRACTIONS: readonly (readonly string[])[] = Array.from({ length: 5 }, (_, places) =>
  Array.from({ length: 10 ** places }, (__, value) => (places === 0 ? '' : String(value).padStart(places, '0'))),
)
const [TEN, TEN_THOUSAND] = [10, 10_000]

/** The value of a safe integer at a scale: -1500 at 3 is `-1.5`. Takes zeros off the end first, four at a time, so that the digits left are few. */
function ofScaled(value: number, scale: number): Dec {
  if (value === 0) return ZERO
  let [digits, places] = [Math.abs(value), scale]
  let shorter = Math.floor(digits / TEN_THOUSAND)
  while (places >= 4 && shorter * TEN_THOUSAND === digits) {
    digits = shorter
    places -= 4
    shorter = Math.floor(digits / TEN_THOUSAND)
  }
  shorter = Math.floor(digits / TEN)
  while (places > 0 && shorter * TEN === digits) {
    digits = shorter
    places -= 1
    shorter = Math.floor(digits / TEN)
  }
  if (places === 0) return (value < 0 ? `-${digits}` : String(digits)) as Dec
  const power = POWERS[places]
  if (power === undefined) return ofDigits(String(digits), value < 0, places)
  const near = Math.floor(digits / power)
  const whole = near * power > digits ? near - 1 : near
  const rest = digits - whole * power
  const fraction = FRACTIONS[places]?.[rest] ?? String(rest).padStart(places, '0')
  return (value < 0 ? `-${whole}.${fraction}` : `${whole}.${fraction}`) as Dec
}

/** The value of whole digits (`1500`) at a scale (3 makes it `1.5`). Digits have neither sign nor dot. */
function ofDigits(digits: string, isNegative: boolean, scale: number): Dec {
  let text = digits
  if (scale > 0) {
    text = text.padStart(scale + 1, '0')
    let end = text.length
    const dot = end - scale
    while (end > dot && text.charCodeAt(end - 1) === 48) end -= 1
    text = end === dot ? text.slice(0, dot) : `${text.slice(0, dot)}.${text.slice(dot, end)}`
  }
  return (isNegative && text !== '0' ? `-${text}` : text) as Dec
}

/** How many decimals a value has. */
function decimals(value: Dec): number {
  const dot = value.indexOf('.')
  return dot < 0 ? 0 : value.length - dot - 1
}

function add(a: Dec, b: Dec): Dec {
  if (b === ZERO) return a
  if (a === ZERO) return b
  const x = scaled(a)
  const y = scaled(b)
  if (x && y) {
    const scale = Math.max(x.scale, y.scale)
    const left = x.digits * (POWERS[scale - x.scale] ?? Number.NaN)
    const right = y.digits * (POWERS[scale - y.scale] ?? Number.NaN)
    const total = left + right
    if (Number.isSafeInteger(left) && Number.isSafeInteger(right) && Number.isSafeInteger(total)) return ofScaled(total, scale)
  }
  return canonical(new Big(a).plus(b))
}

function mul(a: Dec, b: Dec): Dec {
  if (b === ONE) return a
  const x = scaled(a)
  const y = scaled(b)
  if (x && y) {
    const product = x.digits * y.digits
    if (Number.isSafeInteger(product)) return ofScaled(product, x.scale + y.scale)
  }
  return canonical(new Big(a).times(b))
}

function neg(a: Dec): Dec {
  if (a === ZERO) return ZERO
  return (a.startsWith('-') ? a.slice(1) : `-${a}`) as Dec
}

function cmp(a: Dec, b: Dec): -1 | 0 | 1 {
  if (a === b) return 0
  const [x, y] = [scaled(a), scaled(b)]
  if (x && y) {
    const scale = Math.max(x.scale, y.scale)
    // Where one of them is rounded here, the other is smaller by far.
    const left = x.digits * (POWERS[scale - x.scale] ?? Number.NaN)
    const right = y.digits * (POWERS[scale - y.scale] ?? Number.NaN)
    return left < right ? -1 : left > right ? 1 : 0
  }
  return new Big(a).cmp(b) as -1 | 0 | 1
}

/** Rounds half to even at `places` decimals; for display, never for what is stored. */
function round(a: Dec, places: number): Dec {
  return canonical(new Big(a).round(places, 2))
}

/** The quotient rounded half away from zero at `places` decimals (20 at most). Throws RangeError for a divisor of zero. */
function divide(a: Dec, b: Dec, places: number): Dec {
  if (b === ZERO) throw new RangeError('division by zero')
  return canonical(new Big(a).div(b).round(places, 1))
}

/** Exact decimal arithmetic on canonical text. Money, prices and quantities are never a JavaScript number. */
export const Dec = {
  zero: ZERO,
  of,
  ofDigits,
  ofScaled,
  decimals,
  isCanonical,
  add,
  sub: (a: Dec, b: Dec): Dec => add(a, neg(b)),
  mul,
  divide,
  neg,
  abs: (a: Dec): Dec => (a.startsWith('-') ? neg(a) : a),
  cmp,
  round,
  isZero: (a: Dec): boolean => a === ZERO,
  isNegative: (a: Dec): boolean => a.startsWith('-'),
  sum: (values: readonly Dec[]): Dec => values.reduce((total, value) => add(total, value), ZERO),
}

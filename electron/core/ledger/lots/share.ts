import { Dec } from '../../../../shared/domain/decimal.ts'

/** a times b divided by c (not 0), cut towards zero at `places` decimals. */
export function partOf(a: Dec, b: Dec, c: Dec, places: number): Dec {
  const { top, bottom } = fraction(Dec.mul(a, b), c, places)
  return decOf(top / bottom, places)
}

/** a divided by b (not 0), rounded half to even at `places` decimals: the one place where a figure of ours is rounded, for averages and ratios that no sum is made of. */
export function ratio(a: Dec, b: Dec, places: number): Dec {
  const { top, bottom } = fraction(a, b, places)
  const [whole, rest] = [top / bottom, abs(top % bottom)]
  const twice = rest * 2n
  const isUp = twice > bottom || (twice === bottom && whole % 2n !== 0n)
  return decOf(isUp ? whole + (top < 0n ? -1n : 1n) : whole, places)
}

function fraction(a: Dec, b: Dec, places: number): { readonly top: bigint; readonly bottom: bigint } {
  const scale = Math.max(Dec.decimals(a), Dec.decimals(b))
  const [top, bottom] = [digitsAt(a, scale) * 10n ** BigInt(places), digitsAt(b, scale)]
  return bottom < 0n ? { top: -top, bottom: -bottom } : { top, bottom }
}

function digitsAt(value: Dec, scale: number): bigint {
  return BigInt(value.replace('.', '')) * 10n ** BigInt(scale - Dec.decimals(value))
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value)

function decOf(value: bigint, places: number): Dec {
  const text = String(value)
  return text.startsWith('-') ? Dec.ofDigits(text.slice(1), true, places) : Dec.ofDigits(text, false, places)
}

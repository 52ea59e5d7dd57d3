import type { AssetClass } from '../../../../../shared/domain/instrument.ts'
import { normalSymbol, occSymbol, parseOcc } from '../../../../../shared/domain/instrument.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../../shared/domain/time.ts'
import { assetClassOf } from '../flex/kinds.ts'
import { keelsonSymbol } from '../spelling.ts'

/** What the web API says of an instrument; it has no field for the exchange's own symbol. */
export interface Described {
  readonly assetClass: string | null
  readonly symbol: string | null
  readonly currency: string | null
  /** `AAPL   DEC2026 250 C [AAPL  261218C00250000 100]`, `ES 18DEC26`, `DEC 18 '26 250 Call`, `AAPL 18DEC26 250.0 C` */
  readonly description: string | null
  readonly expiry?: string | null
  readonly right?: string | null
  readonly strike?: Dec | null
  /** IBKR's number of it. */
  readonly conid?: string | null | undefined
}

/** IBKR's class of a combination. */
const SEVERAL_LEGS = 'BAG'
const BRACKETS = /\[(.+?)(?: +[\d.]+)?\]\s*$/
const OPTION_WORDS = /\b([A-Z]{3}) ?(\d{1,2}) ?'(\d{2}) (\d+(?:\.\d+)?) (Call|Put|C|P)\b/i
const OPTION_SPOKEN = /\b(\d{1,2})([A-Z]{3})(\d{2}) (\d+(?:\.\d+)?) (C|P)\b/i
const FUTURE_MONTH = /\b([A-Z]{3}) ?(?:\d{1,2} ?')?(?:20)?(\d{2})\b/
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const LETTERS = 'FGHJKMNQUVXZ'

/**
 * Class and symbol in Keelson's spelling; IBKR's own symbol where its words cannot be read, with its number for a contract: the symbol alone
 * is that of the shares behind it.
 */
export function instrumentOf(described: Described, near: LocalDate): { symbol: string; assetClass: AssetClass } {
  const assetClass = assetClassOf(described.assetClass) ?? 'other'
  const own = BRACKETS.exec(described.description ?? '')?.[1]
  const symbol = own ?? (assetClass === 'option' ? optionSymbol(described) : assetClass === 'future' ? futureCode(described) : null)
  const isContract = assetClass === 'option' || assetClass === 'future-option'
  const numbered = isContract && described.conid ? `${described.symbol ?? ''} ${described.conid}` : null
  const plain = symbol ?? numbered ?? described.symbol ?? described.description ?? ''
  return { symbol: keelsonSymbol(plain, assetClass, described.currency ?? 'USD', near), assetClass }
}

/**
 * What an order is for; null for several legs at once and for an option whose words cannot be read, which are named by the shares behind
 * them: an order for those is another one.
 */
export function orderSymbol(described: Described, near: LocalDate): string | null {
  const { symbol, assetClass } = instrumentOf(described, near)
  const isReadable = described.assetClass !== SEVERAL_LEGS && (assetClass !== 'option' || parseOcc(symbol) !== undefined)
  return isReadable && symbol !== '' ? symbol : null
}

function optionSymbol({ symbol, description, expiry, right, strike }: Described): string | null {
  const underlying = symbol?.split(' ')[0]
  if (underlying === undefined) return null
  const day = expiry?.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3') ?? ''
  if (LocalDate.is(day) && right && strike) return spelled(underlying, day, right, strike)
  const spoken = OPTION_SPOKEN.exec(description ?? '')
  const [, month = '', date = '', year = '', price = '', side = ''] =
    (spoken ? [spoken[0], spoken[2], spoken[1], ...spoken.slice(3)] : OPTION_WORDS.exec(description ?? '')) ?? []
  const told = `20${year}-${String(MONTHS.indexOf(month.toUpperCase()) + 1).padStart(2, '0')}-${date.padStart(2, '0')}`
  return LocalDate.is(told) ? spelled(underlying, told, side, Dec.of(price)) : null
}

function spelled(underlying: string, expiry: LocalDate, right: string, strike: Dec): string | null {
  const symbol = occSymbol({ underlying, expiry, right: /^c/i.test(right) ? 'call' : 'put', strike })
  return symbol === undefined ? null : normalSymbol(symbol)
}

function futureCode({ symbol, description }: Described): string | null {
  const root = symbol?.split(' ')[0]
  const [, month = '', year = ''] =
    FUTURE_MONTH.exec(description?.toUpperCase().replace(/\b(\d{1,2})([A-Z]{3})(\d{2})\b/, '$2$3') ?? '') ?? []
  const at = MONTHS.indexOf(month)
  return root === undefined || at < 0 ? null : `${root}${LETTERS.charAt(at)}${year}`
}

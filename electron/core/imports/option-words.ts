import { Dec } from '../../../shared/domain/decimal.ts'
import { occSymbol as occ } from '../../../shared/domain/instrument.ts'
import { LocalDate } from '../../../shared/domain/time.ts'

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const ROOT = String.raw`([A-Z][A-Z0-9.]{0,5})`
const STRIKE = String.raw`\$?(\d+(?:\.\d+)?|\.\d+)`
const RIGHT = String.raw`(CALL|PUT|C|P)\b`

/** Ways brokers write an option, each with the places of root, year, month, day, strike and right. */
const WAYS: readonly { readonly pattern: RegExp; readonly order: readonly [number, number, number, number, number, number] }[] = [
  // Schwab: AAPL 01/19/2024 150.00 C
  { pattern: new RegExp(String.raw`^${ROOT} +(\d{2})\/(\d{2})\/(\d{4}|\d{2}) +${STRIKE} +${RIGHT}`, 'i'), order: [1, 4, 2, 3, 5, 6] },
  // E*TRADE: CALL AAPL   01/19/24   150.000
  { pattern: new RegExp(String.raw`^(CALL|PUT) +${ROOT} +(\d{2})\/(\d{2})\/(\d{4}|\d{2}) +${STRIKE}`, 'i'), order: [2, 5, 3, 4, 6, 1] },
  // E*TRADE: AAPL Jan 19 '24 $150 Call; TD Ameritrade: AAPL Jan 19 2024 150.0 Call
  {
    pattern: new RegExp(String.raw`^${ROOT} +([A-Z]{3}) +(\d{1,2}) +'?(\d{4}|\d{2}) +${STRIKE} +${RIGHT}`, 'i'),
    order: [1, 4, 2, 3, 5, 6],
  },
  // thinkorswim: AAPL 100 (Weeklys) 19 JAN 24 150 CALL; Interactive Brokers: AAPL 19JAN24 150 C
  {
    pattern: new RegExp(String.raw`^${ROOT} +(?:\d+ +)?(?:\([A-Za-z]+\) +)?(\d{1,2}) ?([A-Z]{3}) ?(\d{4}|\d{2}) +${STRIKE} +${RIGHT}`, 'i'),
    order: [1, 4, 3, 2, 5, 6],
  },
]

/** The OCC symbol of an option a broker wrote in words; null when the text names none. */
export function optionSymbol(text: string): string | null {
  const trimmed = text.trim()
  for (const { pattern, order } of WAYS) {
    const match = pattern.exec(trimmed)
    if (!match) continue
    const [root = '', year = '', month = '', day = '', strike = '', right = ''] = order.map(place => match[place] ?? '')
    return occSymbol({ root, expiry: expiryOf(year, month, day), strike, right })
  }
  return null
}

interface OptionParts {
  readonly root: string
  readonly expiry: LocalDate | null
  readonly strike: string
  /** `CALL`, `PUT` or their first letters. */
  readonly right: string
}

const MOST_STRIKE = 16

/** OCC without padding; null when a part does not fit it. */
export function occSymbol({ root, expiry, strike, right }: OptionParts): string | null {
  if (expiry === null || strike.length > MOST_STRIKE || !/^\d*\.?\d+$/.test(strike)) return null
  return occ({ underlying: root.toUpperCase(), expiry, right: /^c/i.test(right) ? 'call' : 'put', strike: Dec.of(strike) }) ?? null
}

/** A day whose month is a number or the first letters of its name. */
export function expiryOf(year: string, month: string, day: string): LocalDate | null {
  const named = MONTHS.indexOf(month.toUpperCase())
  const number = named < 0 ? month : String(named + 1)
  const text = `${year.length === 2 ? `20${year}` : year}-${number.padStart(2, '0')}-${day.padStart(2, '0')}`
  return LocalDate.is(text) ? text : null
}

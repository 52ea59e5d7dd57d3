import { Dec } from './decimal.ts'
import { LocalDate } from './time.ts'

/** A futures contract: `/ESZ26` is the E-mini S&P 500 of December 2026. */
export interface FutureContract {
  /** `ES`, `6E`, `M2K` */
  readonly root: string
  /** CME month letter: F January to Z December. */
  readonly month: string
  readonly year: number
}

/** An option on a futures contract. */
export interface FutureOption {
  readonly future: FutureContract
  /** The option's own product with month and year, `EW4U26`: weekly options have roots of their own. */
  readonly product: FutureContract
  readonly expiry: LocalDate
  readonly right: 'call' | 'put'
  readonly strike: Dec
}

const CONTRACT = /^([A-Z0-9]{1,4}?)([FGHJKMNQUVXZ])(\d{1,2})$/
const OPTION_TAIL = /^(\d{2})(\d{2})(\d{2})([CP])(\d{1,8}(?:\.\d{1,8})?)$/
const COLUMN = 6
const MONTHS = 'FGHJKMNQUVXZ'

/**
 * Reads `/ESZ26`, `/ESZ6` or `/ESZ26:XCME`. A year of one digit is the one nearest `near`, from the year before it to eight years
 * after: rows come from a contract's life. Undefined for anything else.
 */
export function parseFuture(symbol: string, near: LocalDate): FutureContract | undefined {
  const [code = ''] = symbol.trim().split(':')
  return code.startsWith('/') ? parseContract(code.slice(1), near) : undefined
}

/** Keelson's spelling, with a year of two digits: `/ESZ26`. */
export function futureSymbol(contract: FutureContract): string {
  return `/${contractCode(contract, 2)}`
}

/** The same with a year of one digit, as tastytrade writes it near a day: `/ESZ6`. Undefined where that would be read as another contract. */
export function shortFutureSymbol(contract: FutureContract, near: LocalDate): string | undefined {
  const code = shortCode(contract, near)
  return code === undefined ? undefined : `/${code}`
}

/**
 * Reads an option on a future as tastytrade writes it, in columns (`./ESU4 EW4Q4 240823C5750`, `./MESZ5EXV5  251031P5400`), or in
 * Keelson's spelling. The years of one digit are those around the expiry. Undefined for anything else.
 */
export function parseFutureOption(symbol: string): FutureOption | undefined {
  const text = symbol.trim()
  if (!text.startsWith('./')) return undefined
  const words = text.slice(1).split(/ +/)
  const columns = [text.slice(1, 1 + COLUMN), text.slice(1 + COLUMN, 1 + 2 * COLUMN), text.slice(1 + 2 * COLUMN)].map(part => part.trim())
  const [futureText = '', productText = '', tail = ''] = words.length === 3 ? words : columns
  const [, year, month, day, right, strike = ''] = OPTION_TAIL.exec(tail) ?? []
  const expiry = `20${year}-${month}-${day}`
  if (!LocalDate.is(expiry)) return undefined
  const future = parseFuture(futureText, expiry)
  const product = parseContract(productText, expiry)
  return future && product ? { future, product, expiry, right: right === 'C' ? 'call' : 'put', strike: Dec.of(strike) } : undefined
}

/** Keelson's spelling: `./ESU24 EW4Q24 240823C5750`. */
export function futureOptionSymbol(option: FutureOption): string {
  return `.${futureSymbol(option.future)} ${contractCode(option.product, 2)} ${tailOf(option)}`
}

/** tastytrade's columns: `./MESZ5EXV5  251031P5400`. Undefined where their years of one digit would be read as others. */
export function columnFutureOptionSymbol(option: FutureOption): string | undefined {
  const future = shortFutureSymbol(option.future, option.expiry)
  const product = shortCode(option.product, option.expiry)
  return future === undefined || product === undefined ? undefined : `.${future.padEnd(COLUMN)}${product.padEnd(COLUMN)}${tailOf(option)}`
}

/** The last day of a contract's month: none trades after it. */
export function lastDayOf({ month, year }: FutureContract): LocalDate {
  const at = MONTHS.indexOf(month) + 1
  const next = at === MONTHS.length ? `${year + 1}-01-01` : `${year}-${String(at + 1).padStart(2, '0')}-01`
  return LocalDate.plusDays(LocalDate.of(next), -1)
}

// Contract specifications of CME Group. What is not listed has no tick here.
const TICKS = new Map<string, string>([
  ...['ES', 'MES', 'NQ', 'MNQ', 'ZC', 'ZS', 'ZW'].map(root => [root, '0.25'] as const),
  ...['YM', 'MYM'].map(root => [root, '1'] as const),
  ...['RTY', 'M2K', 'GC', 'MGC'].map(root => [root, '0.1'] as const),
  ...['CL', 'MCL'].map(root => [root, '0.01'] as const),
  ['SI', '0.005'],
  ['HG', '0.0005'],
  ['NG', '0.001'],
  ['ZB', '0.03125'],
  ['ZN', '0.015625'],
  ['ZF', '0.0078125'],
  ['6E', '0.00005'],
])

/** The smallest step of a contract's price; undefined for contracts not known here. */
export function futureTick(root: string): Dec | undefined {
  const tick = TICKS.get(root)
  return tick === undefined ? undefined : Dec.of(tick)
}

// What one contract counts of its price, by the same specifications: 50 dollars a point of the E-mini S&P 500, 1,000 barrels of crude oil.
const MULTIPLIERS = new Map<string, string>([
  ['ES', '50'],
  ['MES', '5'],
  ['NQ', '20'],
  ['MNQ', '2'],
  ['YM', '5'],
  ['MYM', '0.5'],
  ['RTY', '50'],
  ['M2K', '5'],
  ['GC', '100'],
  ['MGC', '10'],
  ['SI', '5000'],
  ['HG', '25000'],
  ['CL', '1000'],
  ['MCL', '100'],
  ['NG', '10000'],
  ['ZB', '1000'],
  ['ZN', '1000'],
  ['ZF', '1000'],
  ['ZC', '50'],
  ['ZS', '50'],
  ['ZW', '50'],
  ['6E', '125000'],
])

/** What the price of one contract, and of an option on it, is multiplied by; undefined for contracts not known here. Grains are priced in cents: 5,000 bushels count 50. */
export function futureMultiplier(root: string): Dec | undefined {
  const multiplier = MULTIPLIERS.get(root)
  return multiplier === undefined ? undefined : Dec.of(multiplier)
}

function parseContract(code: string, near: LocalDate): FutureContract | undefined {
  const [, root, month, digits = ''] = CONTRACT.exec(code) ?? []
  if (root === undefined || month === undefined) return undefined
  return { root, month, year: digits.length === 2 ? 2000 + Number(digits) : yearNear(Number(digits), Number(near.slice(0, 4))) }
}

function yearNear(digit: number, near: number): number {
  const first = near - 1
  return first + ((digit - (first % 10) + 10) % 10)
}

function shortCode(contract: FutureContract, near: LocalDate): string | undefined {
  const code = contractCode(contract, 1)
  return parseContract(code, near)?.year === contract.year ? code : undefined
}

function contractCode({ root, month, year }: FutureContract, digits: 1 | 2): string {
  return `${root}${month}${String(year).slice(-digits)}`
}

function tailOf({ expiry, right, strike }: FutureOption): string {
  return `${expiry.slice(2).replaceAll('-', '')}${right === 'call' ? 'C' : 'P'}${strike}`
}

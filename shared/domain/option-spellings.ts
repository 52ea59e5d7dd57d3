import { Dec } from './decimal.ts'
import { occSymbol, type OptionContract, parseOcc } from './instrument.ts'
import { LocalDate } from './time.ts'

const DASHED = /^([A-Z][A-Z0-9.]{0,5})-*(\d{6}[CP]\d{8})$/
const ETRADE_KEY = /^([A-Z][A-Z0-9.]{0,5}):(\d{4}):(\d{1,2}):(\d{1,2}):(CALL|PUT):(\d{1,5}(?:\.\d{1,8})?)$/
const TDA = /^([A-Z][A-Z0-9.]{0,5})_(\d{2})(\d{2})(\d{2})([CP])(\d{0,5}(?:\.\d{1,3})?)$/

/** Reads E*TRADE's OSI key, filled with dashes: `TSLA--231020C00230000`. Undefined for anything else. */
export function parseDashedOsi(text: string): OptionContract | undefined {
  const [, root, rest] = DASHED.exec(text.trim()) ?? []
  return root === undefined || rest === undefined ? undefined : parseOcc(`${root}${rest}`)
}

/** The contract as E*TRADE's OSI key. Undefined for what OCC cannot spell. */
export function dashedOsi(contract: OptionContract): string | undefined {
  const symbol = occSymbol(contract)
  return symbol === undefined ? undefined : `${contract.underlying.padEnd(6, '-')}${symbol.slice(contract.underlying.length)}`
}

/** Reads the option key of E*TRADE's quotes: `TSLA:2026:10:20:CALL:230`. Undefined for anything else. */
export function parseEtradeKey(text: string): OptionContract | undefined {
  const [, underlying = '', year = '', month = '', day = '', right, strike = ''] = ETRADE_KEY.exec(text.trim()) ?? []
  const expiry = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return LocalDate.is(expiry) ? { underlying, expiry, right: right === 'CALL' ? 'call' : 'put', strike: Dec.of(strike) } : undefined
}

/** The contract as a key of E*TRADE's quotes. */
export function etradeKey({ underlying, expiry, right, strike }: OptionContract): string {
  const [year, month, day] = expiry.split('-').map(Number)
  return `${underlying}:${year}:${month}:${day}:${right === 'call' ? 'CALL' : 'PUT'}:${strike}`
}

/** Reads TD Ameritrade's option symbol, month before day before year: `AAPL_051724P190`. Undefined for anything else. */
export function parseTdaOption(text: string): OptionContract | undefined {
  const [, underlying = '', month, day, year, right, strike = ''] = TDA.exec(text.trim()) ?? []
  const expiry = `20${year}-${month}-${day}`
  if (!LocalDate.is(expiry) || strike === '') return undefined
  return { underlying, expiry, right: right === 'C' ? 'call' : 'put', strike: Dec.of(strike) }
}

/** The contract in TD Ameritrade's spelling. */
export function tdaOption({ underlying, expiry, right, strike }: OptionContract): string {
  const [year = '', month, day] = expiry.split('-')
  return `${underlying}_${month}${day}${year.slice(2)}${right === 'call' ? 'C' : 'P'}${strike}`
}

import { LocalDate } from '../../../../shared/domain/time.ts'
import { optionOf, paddedSymbol, shareOf } from '../instrument.ts'
import type { Instrument } from '../instrument.ts'
import { LISTINGS, instrumentIdOf } from '../market.ts'
import type { Listing } from '../market.ts'

/** An instrument in IBKR's own terms. Text as it stands on the wire; empty where it has no meaning. */
export interface IbkrContract {
  readonly conId: number
  readonly symbol: string
  readonly secType: 'STK' | 'OPT' | 'FOP'
  /** `20261218` */
  readonly expiry: string
  readonly strike: string
  readonly right: '' | 'C' | 'P'
  readonly multiplier: string
  readonly exchange: string
  readonly primaryExchange: string
  readonly currency: 'USD'
  readonly localSymbol: string
  readonly tradingClass: string
  readonly description: string
  readonly subCategory: string
  readonly underlyingConId: number | null
  readonly minTick: string
}

const CON_IDS: Readonly<Record<string, number>> = { AAPL: 265_598, SPY: 756_733, MSFT: 272_093, NVDA: 4_815_747, AMD: 4391 }
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const
const byShare = new Map<string, Listing>(LISTINGS.map(item => [item.symbol, item]))

export function conIdOf(symbol: string): number {
  return CON_IDS[symbol] ?? instrumentIdOf(symbol)
}

/** What IBKR says about an instrument. */
export function contractOf(instrument: Instrument): IbkrContract {
  const { contract, kind, symbol, name } = instrument
  const common = { conId: conIdOf(symbol), currency: 'USD' } as const
  if (!contract) {
    const listing = byShare.get(symbol)
    return {
      ...common,
      symbol,
      secType: 'STK',
      expiry: '',
      strike: '0',
      right: '',
      multiplier: '',
      exchange: 'SMART',
      primaryExchange: listing?.exchange ?? 'NASDAQ',
      localSymbol: symbol,
      tradingClass: listing?.exchange === 'NASDAQ' ? 'NMS' : symbol,
      description: name,
      subCategory: kind === 'etf' ? 'ETF' : 'COMMON',
      underlyingConId: null,
      minTick: '0.01',
    }
  }
  const future = kind === 'future-option'
  const root = /^\/([A-Z]+?)([FGHJKMNQUVXZ])(\d{2})/.exec(contract.underlying)
  const underlying = future ? (root?.[1] ?? 'ES') : contract.underlying
  const right = contract.right === 'call' ? 'C' : 'P'
  const strike = String(contract.strikeCents / 100)
  const [year = '', month = '1', day = ''] = contract.expiry.split('-')
  const spoken = `${underlying} ${day}${MONTHS[Number(month) - 1] ?? 'JAN'}${year.slice(2)} ${strike}${strike.includes('.') ? '' : '.0'} ${right}`
  return {
    ...common,
    symbol: underlying,
    secType: future ? 'FOP' : 'OPT',
    expiry: contract.expiry.replaceAll('-', ''),
    strike,
    right,
    multiplier: instrument.multiplier,
    exchange: future ? 'CME' : 'SMART',
    primaryExchange: future ? 'CME' : 'CBOE',
    localSymbol: future ? `${underlying}${root?.[2] ?? 'H'}${(root?.[3] ?? '26').slice(1)} ${right}${strike}` : paddedSymbol(instrument),
    tradingClass: underlying,
    description: spoken,
    subCategory: right,
    underlyingConId: conIdOf(contract.underlying),
    minTick: future ? '0.25' : '0.01',
  }
}

/** What a request says about a contract; empty text where it says nothing. */
export interface ContractQuery {
  readonly conId: number
  readonly symbol: string
  readonly secType: string
  readonly expiry: string
  readonly strike: string
  readonly right: string
  readonly localSymbol: string
}

/** Finds the instruments of requests, and remembers every one it met by its number. */
export interface ContractBook {
  remember(instrument: Instrument): void
  byConId(conId: number): Instrument | undefined
  find(query: ContractQuery): Instrument | undefined
}

export function createContractBook(): ContractBook {
  const known = new Map<number, Instrument>()
  const remember = (instrument: Instrument): Instrument => {
    known.set(conIdOf(instrument.symbol), instrument)
    return instrument
  }
  for (const item of LISTINGS) remember(shareOf(item))
  return {
    remember,
    byConId: conId => known.get(conId),
    find(query) {
      if (query.conId > 0) return known.get(query.conId)
      const wanted = query.localSymbol.trim()
      const named = wanted === '' ? undefined : [...known.values()].find(item => contractOf(item).localSymbol === wanted)
      if (named) return named
      const listing = byShare.get(query.symbol === '' ? (wanted.split(' ')[0] ?? '') : query.symbol)
      if (!listing) return undefined
      if (query.secType === 'OPT' || query.right !== '') return optionFrom(listing, query, remember)
      return query.secType === '' || query.secType === 'STK' ? shareOf(listing) : undefined
    },
  }
}

function optionFrom(
  listing: Listing,
  { expiry, strike, right }: ContractQuery,
  remember: (made: Instrument) => Instrument,
): Instrument | undefined {
  const day = `${expiry.slice(0, 4)}-${expiry.slice(4, 6)}-${expiry.slice(6, 8)}`
  const cents = Math.round(Number(strike) * 100)
  const side = { C: 'call', CALL: 'call', P: 'put', PUT: 'put' }[right.toUpperCase()]
  if (!LocalDate.is(day) || !(cents > 0) || (side !== 'call' && side !== 'put')) return undefined
  return remember(optionOf(listing, side, cents, day))
}

import { AppError } from '../../../../../shared/contract/errors.ts'
import { type AssetClass, parseOcc } from '../../../../../shared/domain/instrument.ts'
import type { Stop } from '../way.ts'
import type { WebCalls } from './calls.ts'
import { ContractsWire, SearchWire, StocksWire } from './wire.ts'

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']

/**
 * IBKR's number of an instrument by Keelson's symbol; null when it knows none or cannot be asked this way. Stocks are looked up by
 * name, the one listed in the US, never one listed abroad; an option by its underlying, month, strike and side.
 */
export async function conidOf(calls: WebCalls, symbol: string, assetClass: AssetClass | null, stop: Stop): Promise<string | null> {
  if (parseOcc(symbol)) return optionConid(calls, symbol, stop).catch(unlessUnknown)
  if (assetClass !== null && assetClass !== 'equity') return null
  if (/[/.]/.test(symbol) && assetClass === null) return null
  const { http, base } = calls
  const { data } = await http.get({ base, path: '/trsrv/stocks', query: { symbols: symbol }, schema: StocksWire, signal: stop.signal })
  const contracts = (data[symbol] ?? []).filter(found => found.assetClass === 'STK').flatMap(found => found.contracts)
  // A listing abroad has its prices in another currency.
  return (contracts.find(contract => contract.isUS === true) ?? contracts.find(contract => contract.isUS !== false))?.conid ?? null
}

async function optionConid(calls: WebCalls, symbol: string, { signal }: Stop): Promise<string | null> {
  const option = parseOcc(symbol)
  if (!option) return null
  const { http, base } = calls
  // The search has to come first: the next call answers from what it found.
  const search = await http.get({ base, path: '/iserver/secdef/search', query: { symbol: option.underlying }, schema: SearchWire, signal })
  const underlying = search.data.find(found => found.symbol === option.underlying)
  if (!underlying) return null
  const [year = '', month = ''] = option.expiry.split('-')
  const query = {
    conid: underlying.conid,
    sectype: 'OPT',
    month: `${MONTHS[Number(month) - 1]}${year.slice(2)}`,
    strike: option.strike,
    right: option.right === 'call' ? 'C' : 'P',
  }
  const { data } = await http.get({ base, path: '/iserver/secdef/info', query, schema: ContractsWire, signal })
  const alike = data
    .filter(found => found.maturityDate === option.expiry.replaceAll('-', ''))
    .filter(found => (found.tradingClass ?? option.underlying) === option.underlying)
  // An index may have two classes of options for a day, settled in the morning and in the afternoon.
  return new Set(alike.map(({ conid }) => conid)).size === 1 ? (alike[0]?.conid ?? null) : null
}

function unlessUnknown(error: unknown): null {
  if (error instanceof AppError && error.details['status'] === 404) return null
  throw error
}

import { createDice } from '../../dice.ts'
import { priceNow, priceOn } from '../../history.ts'
import { centsOf } from '../../instrument.ts'
import { LISTINGS } from '../../market.ts'
import { conIdOf, contractOf } from '../contract.ts'
import type { WebSession } from './session.ts'

/** iserver/marketdata/snapshot. The first question for a contract answers its number alone; later ones the asked fields, as text. */
export function snapshotReply(session: WebSession, query: URLSearchParams): object[] {
  const conids = (query.get('conids') ?? '').split(',').filter(Boolean).map(Number)
  const fields = (query.get('fields') ?? '').split(',').filter(Boolean)
  return conids.map(conid => {
    const known = session.quoted.has(conid)
    session.quoted.add(conid)
    return { conid, conidEx: String(conid), ...(known ? quote(session, conid, fields) : {}) }
  })
}

function quote(session: WebSession, conid: number, fields: readonly string[]): object {
  const instrument = session.book.contracts.byConId(conid)
  const market = session.places()[0]?.market
  if (!instrument || !market) return {}
  const cents = priceNow(market, instrument)
  const before = priceOn(market, instrument, market.days.length - 2)
  const contract = contractOf(instrument)
  const values: Readonly<Record<string, string>> = {
    '31': centsOf(cents),
    '55': contract.symbol,
    '70': centsOf(cents + 40),
    '71': centsOf(Math.max(1, cents - 40)),
    '82': centsOf(cents - before),
    '83': ((100 * (cents - before)) / before).toFixed(2),
    '84': centsOf(Math.max(1, cents - 1)),
    '85': '500',
    '86': centsOf(cents + 1),
    '87': String(createDice(session.book.seed, 'volume', instrument.symbol).int(100_000, 9_000_000)),
    '88': '300',
    '6008': String(conid),
    '6509': session.knobs.get('market-data') === 'delayed' ? 'DPB' : 'RpB',
    '7295': centsOf(before),
    '7296': centsOf(cents),
    '7741': centsOf(before),
  }
  const told = fields.flatMap(field => (values[field] === undefined ? [] : [[field, values[field]] as const]))
  return { _updated: session.nowMs(), server_id: 'q0', '6119': 'q0', ...Object.fromEntries(told) }
}

/** iserver/secdef/search and trsrv/stocks: the shares behind a symbol. */
export function searchReply(symbol: string): object[] {
  return LISTINGS.filter(item => item.symbol === symbol.toUpperCase()).map(item => ({
    conid: String(conIdOf(item.symbol)),
    companyHeader: `${item.name} - ${item.exchange}`,
    companyName: item.name,
    symbol: item.symbol,
    description: item.exchange,
    restricted: null,
    sections: [{ secType: 'STK' }, { secType: 'OPT' }],
  }))
}

export function stocksReply(symbols: string): object {
  const found = LISTINGS.filter(item => symbols.toUpperCase().split(',').includes(item.symbol))
  const rows = found.map((item): [string, object[]] => [
    item.symbol,
    [
      {
        name: item.name,
        chineseName: null,
        assetClass: 'STK',
        contracts: [{ conid: conIdOf(item.symbol), exchange: item.exchange, isUS: true }],
      },
    ],
  ])
  return Object.fromEntries(rows)
}

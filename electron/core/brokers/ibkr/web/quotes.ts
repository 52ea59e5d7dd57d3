import { Dec } from '../../../../../shared/domain/decimal.ts'
import type { Quote } from '../../../../../shared/domain/order.ts'
import { Instant } from '../../../../../shared/domain/time.ts'
import { quoteTimes } from '../../quote-time.ts'
import type { Stop } from '../way.ts'
import type { WebCalls } from './calls.ts'
import { conidOf } from './contracts.ts'
import { SnapshotWire } from './wire.ts'

/** Last, bid, ask, prior close and how fresh they are. */
const FIELDS = '31,84,86,7741,6509'
const TRIES = 3

/** A snapshot of each symbol. The first call of a session only subscribes: rows without prices are asked for again. */
export async function readQuotes(calls: WebCalls, symbols: readonly string[], stop: Stop): Promise<Quote[]> {
  const { http, base, session } = calls
  await session.brokerage(http, base, stop)
  const conids = new Map<string, string>()
  for (const symbol of symbols) {
    const conid = await conidOf(calls, symbol, null, stop)
    if (conid !== null) conids.set(conid, symbol)
  }
  const found = new Map<string, Quote>()
  for (let tries = 0; tries < TRIES && found.size < conids.size; tries += 1) {
    const missing = [...conids.keys()].filter(conid => !found.has(conid))
    const query = { conids: missing.join(','), fields: FIELDS }
    const { rows } = await http.getRows({
      base,
      path: '/iserver/marketdata/snapshot',
      query,
      schema: SnapshotWire,
      signal: stop.signal,
    })
    for (const { data } of rows) {
      const symbol = conids.get(data.conid)
      const quote = symbol === undefined ? null : toQuote(symbol, data)
      if (quote) found.set(data.conid, quote)
    }
  }
  return [...found.values()]
}

export function toQuote(symbol: string, wire: SnapshotWire): Quote | null {
  const [last, bid, ask, previousClose] = [priceOf(wire['31']), priceOf(wire['84']), priceOf(wire['86']), priceOf(wire['7741'])]
  if (last === null && bid === null && ask === null) return null
  const updated = wire._updated === null ? null : Instant.fromEpochMs(wire._updated)
  return {
    symbol,
    bid,
    ask,
    last,
    previousClose,
    currency: 'USD',
    // R is live; D delayed, Z frozen, Y both.
    delayed: !(wire['6509'] ?? '').startsWith('R'),
    // A last price with a C is yesterday's close.
    ...quoteTimes({ bid, ask, last }, { quoted: updated, traded: (wire['31'] ?? '').startsWith('C') ? null : updated }),
  }
}

/** A price may have a mark before it: C for yesterday's close, H for halted. */
function priceOf(text: string | null | undefined): Dec | null {
  try {
    return text === null || text === undefined ? null : Dec.of(text.replace(/^[A-Z]/, '').replaceAll(',', ''))
  } catch {
    return null
  }
}

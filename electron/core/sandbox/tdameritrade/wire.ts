import { jsonReply } from '../exchange.ts'
import type { Reply } from '../exchange.ts'
import type { Instrument } from '../instrument.ts'
import { cusipOf } from '../market.ts'

/** The error body of every endpoint: one sentence. */
export function tdaError(status: number, error: string): Reply {
  return jsonReply(status, { error })
}

/** UTC without a colon in the offset, whole seconds. */
export function tdaTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+0000`
}

/** `AAPL_051724P190` for options: month, day, year, right and the strike as it is said. */
export function tdaSymbol({ symbol, contract }: Instrument): string {
  if (!contract) return symbol
  const [year = '', month = '', day = ''] = contract.expiry.split('-')
  return `${contract.underlying}_${month}${day}${year.slice(2)}${contract.right === 'call' ? 'C' : 'P'}${contract.strikeCents / 100}`
}

/** An instrument as positions and orders name it. Shares have no more than this; ETFs count as equity. */
export function tdaInstrument(instrument: Instrument): object {
  const { contract } = instrument
  const base = { assetType: contract ? 'OPTION' : 'EQUITY', cusip: cusipOf(instrument.symbol), symbol: tdaSymbol(instrument) }
  if (!contract) return base
  return { ...base, description: instrument.name, putCall: contract.right.toUpperCase(), underlyingSymbol: contract.underlying }
}

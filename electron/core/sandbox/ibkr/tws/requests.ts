import { Dec } from '../../../../../shared/domain/decimal.ts'
import type { ContractQuery } from '../contract.ts'
import { IBKR_ORDER_TYPES } from '../order.ts'
import type { Ticket } from '../order.ts'

/** Names of the messages a client sends, by their number. */
export const REQUESTS: Readonly<Record<string, string>> = {
  1: 'reqMktData',
  2: 'cancelMktData',
  3: 'placeOrder',
  4: 'cancelOrder',
  5: 'reqOpenOrders',
  6: 'reqAccountUpdates',
  7: 'reqExecutions',
  8: 'reqIds',
  9: 'reqContractDetails',
  15: 'reqAutoOpenOrders',
  16: 'reqAllOpenOrders',
  17: 'reqManagedAccts',
  49: 'reqCurrentTime',
  58: 'reqGlobalCancel',
  59: 'reqMarketDataType',
  61: 'reqPositions',
  62: 'reqAccountSummary',
  63: 'cancelAccountSummary',
  64: 'cancelPositions',
  71: 'startApi',
  92: 'reqPnL',
  93: 'cancelPnL',
  94: 'reqPnLSingle',
  95: 'cancelPnLSingle',
  99: 'reqCompletedOrders',
}

/** Reads the contract of a message from the place of its number on. */
export function contractQuery(fields: readonly string[], at: number): ContractQuery {
  const text = (offset: number): string => fields[at + offset] ?? ''
  return {
    conId: Number(text(0) || 0),
    symbol: text(1),
    secType: text(2),
    expiry: text(3),
    strike: text(4),
    right: text(5),
    localSymbol: text(10),
  }
}

/** What a placeOrder message asks for, apart from the instrument. */
export interface OrderWish {
  readonly orderId: number
  readonly contract: ContractQuery
  readonly account: string
  readonly transmit: boolean
  readonly whatIf: boolean
  readonly terms: Omit<Ticket, 'instrument'>
}

/** A number of the wire, null where it is empty or unset. */
function price(text: string | undefined): Dec | null {
  if (text === undefined || text === '' || text.startsWith('1.797')) return null
  const value = Number(text)
  return Number.isFinite(value) ? Dec.of(text) : null
}

/** Reads a placeOrder message at versions 177 to 193, or says which code and sentence refuse it. */
export function readOrder(fields: readonly string[]): OrderWish | { readonly code: number; readonly text: string } {
  const type = IBKR_ORDER_TYPES.find(item => item === fields[18])
  if (type === undefined) return { code: 387, text: 'Unsupported order type for this exchange and security type.' }
  const qty = price(fields[17])
  if (qty === null || Number(qty) <= 0) return { code: 434, text: 'The order size cannot be zero.' }
  if (qty.includes('.')) {
    const text = 'Fractional-sized order cannot be placed via API. Please use desktop version to place this order or revise it.'
    return { code: 10_243, text }
  }
  const aux = price(fields[20])
  const limit = type === 'LMT' || type === 'STP LMT' ? price(fields[19]) : null
  const stop = type === 'STP' || type === 'STP LMT' ? aux : type === 'TRAIL' ? price(fields[68]) : null
  const percent = price(fields[69])
  const trail =
    type !== 'TRAIL' ? null : percent ? ({ by: percent, unit: 'percent' } as const) : aux ? ({ by: aux, unit: 'amount' } as const) : null
  const needs =
    (type === 'LMT' && !limit) || (type === 'STP' && !stop) || (type === 'STP LMT' && !(limit && stop)) || (type === 'TRAIL' && !trail)
  if (needs) return { code: 321, text: "Error validating request.-'bN' : cause - Missing order price." }
  if ([limit, stop].some(item => item !== null && Dec.round(item, 2) !== item)) {
    return { code: 110, text: 'The price does not conform to the minimum price variation for this contract.' }
  }
  return {
    orderId: Number(fields[1]),
    contract: contractQuery(fields, 2),
    account: fields[23] ?? '',
    transmit: fields[27] === '1',
    whatIf: fields[84] === '1',
    terms: {
      side: fields[16] === 'SELL' ? 'sell' : 'buy',
      qty,
      type,
      limit,
      stop,
      trail,
      tif: fields[21] === '' || fields[21] === undefined ? 'DAY' : fields[21],
      orderRef: fields[26] ?? '',
      outsideRth: fields[33] === '1',
    },
  }
}

/** The filter of a reqExecutions message; an empty text lets everything through. */
export interface ExecutionFilter {
  readonly reqId: number
  readonly clientId: number
  readonly account: string
  /** Milliseconds since the epoch; undefined when the text is in no known form. */
  readonly since: number | undefined
  readonly symbol: string
  readonly secType: string
  readonly side: string
}

export function executionFilter(fields: readonly string[]): ExecutionFilter {
  const [, , reqId = '', clientId = '', account = '', time = '', symbol = '', secType = '', , side = ''] = fields
  return { reqId: Number(reqId), clientId: Number(clientId || 0), account, since: sinceOf(time), symbol, secType, side }
}

function sinceOf(time: string): number | undefined {
  if (time === '') return 0
  const match = /^(\d{4})(\d{2})(\d{2})[- ](\d{2}:\d{2}:\d{2})$/.exec(time)
  return match ? Date.parse(`${match[1]}-${match[2]}-${match[3]}T${match[4]}Z`) : undefined
}

import { Dec } from '../../../../../shared/domain/decimal.ts'
import type { IbkrOrderType, Ticket } from '../order.ts'
import type { ContractBook } from '../contract.ts'
import type { Fields } from './body.ts'
import { textOf } from './body.ts'

const TYPES: Readonly<Record<string, IbkrOrderType>> = {
  MKT: 'MKT',
  MARKET: 'MKT',
  LMT: 'LMT',
  LIMIT: 'LMT',
  STP: 'STP',
  STOP: 'STP',
  STOP_LIMIT: 'STP LMT',
  STP_LIMIT: 'STP LMT',
  'STP LMT': 'STP LMT',
  TRAIL: 'TRAIL',
}
const NUMBER = /^\d{1,12}(?:\.\d{1,8})?$/

/** Reads one order of a body, or says in a sentence why it is none. `before` fills what a change leaves out. */
export function readTicket(body: Fields, contracts: ContractBook, before?: Ticket): Ticket | string {
  const number = (name: string): Dec | null => {
    const text = textOf(body, name)
    return NUMBER.test(text) ? Dec.of(text) : null
  }
  const instrument = contracts.byConId(Number(textOf(body, 'conid') || textOf(body, 'conidex').split('@')[0])) ?? before?.instrument
  if (!instrument) return 'No security definition has been found for the request'
  const named = textOf(body, 'orderType')
  const type = named === '' ? before?.type : TYPES[named.toUpperCase()]
  if (type === undefined) return `Unsupported order type: ${named}`
  const side = textOf(body, 'side').toUpperCase()
  if (side !== 'BUY' && side !== 'SELL' && !(before && side === '')) return 'Invalid side'
  const qty = number('quantity') ?? before?.qty ?? null
  if (qty === null || Dec.isZero(qty)) return 'The order size cannot be zero.'
  const price = number('price')
  const aux = number('auxPrice')
  const limit = type === 'LMT' || type === 'STP LMT' ? (price ?? before?.limit ?? null) : null
  const stop =
    type === 'STP'
      ? (price ?? aux ?? before?.stop ?? null)
      : type === 'STP LMT'
        ? (aux ?? before?.stop ?? null)
        : type === 'TRAIL'
          ? price
          : null
  const by = number('trailingAmt')
  const unit = textOf(body, 'trailingType') === '%' ? 'percent' : 'amount'
  const trail = type === 'TRAIL' ? (by ? ({ by, unit } as const) : (before?.trail ?? null)) : null
  if ((type.endsWith('LMT') && !limit) || (type.startsWith('STP') && !stop) || (type === 'TRAIL' && !trail)) return 'Missing order price'
  if ([limit, stop].some(item => item !== null && Dec.round(item, 2) !== item)) {
    return 'The price does not conform to the minimum price variation for this contract.'
  }
  return {
    instrument,
    side: side === '' ? (before?.side ?? 'buy') : side === 'BUY' ? 'buy' : 'sell',
    qty,
    type,
    limit,
    stop,
    trail,
    tif: textOf(body, 'tif') || (before?.tif ?? 'DAY'),
    orderRef: textOf(body, 'cOID') || (before?.orderRef ?? ''),
    outsideRth: body['outsideRTH'] === true,
  }
}

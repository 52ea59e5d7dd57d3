import { Dec } from '../../../../../shared/domain/decimal.ts'
import { contractOf } from '../contract.ts'
import type { IbkrOrder, IbkrOrderType } from '../order.ts'
import { isWorking } from '../order.ts'

const SPOKEN: Readonly<Record<IbkrOrderType, string>> = {
  MKT: 'Market',
  LMT: 'Limit',
  STP: 'Stop',
  'STP LMT': 'Stop Limit',
  TRAIL: 'Trailing Stop',
}
const ORIGINAL: Readonly<Record<IbkrOrderType, string>> = {
  MKT: 'MARKET',
  LMT: 'LIMIT',
  STP: 'STOP',
  'STP LMT': 'STOP_LIMIT',
  TRAIL: 'TRAILING_STOP',
}
const TIFS: Readonly<Record<string, string>> = { DAY: 'CLOSE' }

function description({ ticket, status }: IbkrOrder): string {
  const verbs = status === 'Filled' ? { buy: 'Bought', sell: 'Sold' } : { buy: 'Buy', sell: 'Sell' }
  const price = ticket.limit === null ? '' : ` ${ticket.limit}`
  return `${verbs[ticket.side]} ${ticket.qty} ${contractOf(ticket.instrument).symbol} ${SPOKEN[ticket.type]}${price}, ${ticket.tif === 'DAY' ? 'Day' : ticket.tif}`
}

/** A row of iserver/account/orders. */
export function liveOrder(order: IbkrOrder): object {
  const { ticket, numbers, identity, filled, status } = order
  const contract = contractOf(ticket.instrument)
  const at = order.closedAt ?? numbers.submittedAt
  return {
    acct: identity.account,
    conidex: String(contract.conId),
    conid: contract.conId,
    account: identity.account,
    orderId: numbers.webId,
    cashCcy: 'USD',
    sizeAndFills: isWorking(order) ? `${filled}/${ticket.qty}` : ticket.qty,
    orderDesc: description(order),
    description1: contract.symbol,
    ticker: contract.symbol,
    secType: contract.secType,
    listingExchange: contract.primaryExchange,
    remainingQuantity: Number(Dec.sub(ticket.qty, filled)),
    filledQuantity: Number(filled),
    totalSize: Number(ticket.qty),
    companyName: contract.description,
    status,
    order_ccp_status: status,
    ...(Dec.isZero(filled) ? {} : { avgPrice: order.average }),
    origOrderType: ORIGINAL[ticket.type],
    supportsTaxOpt: '1',
    lastExecutionTime: compactUtc(at),
    orderType: SPOKEN[ticket.type],
    bgColor: '#FFFFFF',
    fgColor: '#000000',
    isEventTrading: '0',
    price: ticket.limit ?? '',
    ...(ticket.stop === null ? {} : { auxPrice: ticket.stop }),
    ...(ticket.orderRef === '' ? {} : { order_ref: ticket.orderRef }),
    timeInForce: TIFS[ticket.tif] ?? ticket.tif,
    lastExecutionTime_r: at,
    side: ticket.side === 'buy' ? 'BUY' : 'SELL',
  }
}

/** Fields of order/status that are the same for every order here. */
const NEVER_SAID = {
  sub_type: null,
  is_event_trading: '0',
  total_cash_size: '0.0',
  bg_color: '#FFFFFF',
  fg_color: '#000000',
  all_or_none: false,
  deactivate_order: false,
  use_price_mgmt_algo: false,
  clearing_id: 'IB',
  clearing_name: 'IB',
  alert_active: 0,
  child_order_type: '0',
  exit_strategy_display_price: '0.0',
  exit_strategy_chart_description: '',
  exit_strategy_tool_availability: '0',
  allowed_duplicate_opposite: true,
} as const

/** The body of order/status, where numbers are text. */
export function orderDetails(order: IbkrOrder): object {
  const { ticket, numbers, identity, filled, status, average, last } = order
  const contract = contractOf(ticket.instrument)
  const text = description(order)
  const working = isWorking(order)
  return {
    ...NEVER_SAID,
    request_id: String(numbers.webId % 100_000),
    order_id: numbers.webId,
    conidex: String(contract.conId),
    conid: contract.conId,
    symbol: contract.symbol,
    side: ticket.side === 'buy' ? 'BUY' : 'SELL',
    contract_description_1: contract.symbol,
    listing_exchange: contract.primaryExchange,
    order_desc: text,
    order_status: status,
    order_type: SPOKEN[ticket.type],
    size: ticket.qty,
    fill_price: last,
    filled_quantity: filled,
    remaining_quantity: Dec.sub(ticket.qty, filled),
    avg_fill_price: average,
    last_fill_price: last,
    total_size: ticket.qty,
    price: ticket.limit ?? '0.0',
    ...(ticket.limit === null ? {} : { limit_price: ticket.limit }),
    ...(ticket.stop === null ? {} : { stop_price: ticket.stop }),
    tif: ticket.tif,
    order_not_editable: !working,
    editable_fields: '',
    cannot_cancel_order: !working,
    outside_rth: ticket.outsideRth,
    sec_type: contract.secType,
    order_description: text,
    order_description_with_contract: text,
    order_clearing_account: identity.account,
    size_and_fills: `${filled}/${ticket.qty}`,
    order_time: compactUtc(numbers.submittedAt),
  }
}

/** `260401234047`: UTC, the year of two digits first, as captured beside the same moment in milliseconds. */
function compactUtc(ms: number): string {
  return new Date(ms).toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')
}

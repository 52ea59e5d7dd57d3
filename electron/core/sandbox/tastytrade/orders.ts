import { Dec } from '../../../../shared/domain/decimal.ts'
import type { FeeLine, StoryLeg, StoryOrder } from '../story.ts'
import type { Estimate } from '../order-book.ts'
import type { TastyIdentity } from './customers.ts'
import { actionOf, executionIds, tastyOrderId } from './rows.ts'
import { amount, instrumentType, signed, stamp, symbolOf, underlyingOf } from './wire.ts'

const TYPES = { market: 'Market', limit: 'Limit', stop: 'Stop', 'stop-limit': 'Stop Limit', 'trailing-stop': 'Stop' } as const
const STATUS = {
  filled: 'Filled',
  canceled: 'Cancelled',
  open: 'Live',
  rejected: 'Rejected',
  replaced: 'Cancelled',
  expired: 'Expired',
} as const

/** One order. Prices carry no sign: `price-effect` tells who pays. Times are text but for `updated-at`, in milliseconds. */
export function tastyOrder(identity: TastyIdentity, order: StoryOrder): object {
  const { sent, status, limit, submittedAt, closedAt } = order
  const open = status === 'open'
  const [leg] = order.legs
  const updated = closedAt ?? order.fills.at(-1)?.at ?? submittedAt
  return {
    id: tastyOrderId(identity, order.number),
    'account-number': identity.number,
    'time-in-force': sent?.tif ?? 'Day',
    'order-type': sent?.notional ? 'Notional Market' : TYPES[order.type],
    size: Number(leg?.qty ?? 0),
    'underlying-symbol': leg ? underlyingOf(leg.instrument) : '',
    'underlying-instrument-type': 'Equity',
    ...(limit === null ? {} : { price: amount(limit), 'price-effect': payer(order.legs) }),
    ...(sent?.stop ? { 'stop-trigger': amount(sent.stop) } : {}),
    ...(sent?.notional ? { value: amount(sent.notional), 'value-effect': payer(order.legs) } : {}),
    status: STATUS[status],
    ...(sent?.reason ? { 'reject-reason': sent.reason } : {}),
    cancellable: open,
    ...(status === 'canceled' || status === 'replaced' ? { 'cancelled-at': stamp(closedAt ?? submittedAt) } : {}),
    editable: open,
    edited: status === 'replaced',
    ...(sent?.clientId ? { 'external-identifier': sent.clientId } : {}),
    'received-at': stamp(submittedAt),
    'updated-at': updated,
    ...(closedAt === null ? {} : { 'terminal-at': stamp(closedAt) }),
    legs: order.legs.map(item => legOf(identity, order, item)),
  }
}

function legOf(identity: TastyIdentity, order: StoryOrder, leg: StoryLeg): object {
  const fills = order.fills.filter(fill => fill.leg === leg)
  const left = Dec.sub(leg.qty, Dec.sum(fills.map(({ qty }) => qty)))
  return {
    'instrument-type': instrumentType(leg.instrument),
    symbol: symbolOf(leg.instrument),
    quantity: Number(leg.qty),
    'remaining-quantity': Number(left),
    action: actionOf(leg),
    fills: fills.map(fill => {
      const { fillId, group, extExec } = executionIds(identity, fill)
      return {
        'ext-group-fill-id': group,
        'ext-exec-id': extExec,
        'fill-id': fillId,
        quantity: Number(fill.qty),
        'fill-price': amount(fill.price),
        'filled-at': stamp(fill.at),
        'destination-venue': 'CITADEL_EQUITIES_A',
      }
    }),
  }
}

/** Whether the first leg brings money in or costs it. */
function payer(legs: readonly StoryLeg[]): 'Credit' | 'Debit' {
  return legs[0]?.side === 'sell' ? 'Credit' : 'Debit'
}

/** What an order would change of what can be spent. */
export function powerEffect({ net }: Estimate, power: number): object {
  const now = dollars(power)
  return {
    ...signed('change-in-margin-requirement', net),
    ...signed('change-in-buying-power', net),
    ...signed('current-buying-power', now),
    ...signed('new-buying-power', Dec.add(now, net)),
    ...signed('isolated-order-margin-requirement', net),
    'is-spread': false,
    impact: amount(net),
    effect: Dec.isNegative(net) ? 'Debit' : 'Credit',
  }
}

/** What an order would cost in fees. */
export function feeCalculation({ fees, costs }: Estimate): object {
  const sum = (...types: FeeLine['type'][]) =>
    dollars(-fees.filter(({ type }) => types.includes(type)).reduce((all, { cents }) => all + cents, 0) / 100)
  return {
    ...signed('regulatory-fees', sum('SEC_FEE', 'TAF_FEE')),
    ...signed('clearing-fees', sum('OPT_REG_FEE')),
    ...signed('commission', sum('COMMISSION')),
    ...signed('proprietary-index-option-fees', Dec.zero),
    ...signed('total-fees', Dec.neg(costs)),
  }
}

function dollars(value: number): Dec {
  return Dec.of(value.toFixed(2))
}

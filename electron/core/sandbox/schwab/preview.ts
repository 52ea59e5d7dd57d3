import { Dec } from '../../../../shared/domain/decimal.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import { paddedSymbol } from '../instrument.ts'
import type { Instrument } from '../instrument.ts'
import { buyingPower } from '../order-book.ts'
import type { Estimate, Ticket } from '../order-book.ts'
import { quoteOf } from '../quotes.ts'
import type { StoryLeg } from '../story.ts'
import type { SchwabDesk } from './desk.ts'
import { orderType } from './orders.ts'
import { schwabTime } from './rows.ts'
import { schwabFees } from '../clerk.ts'

/** What the broker would say to an order. `reason` is why it would refuse it. */
export function previewOf(desk: SchwabDesk, ticket: Ticket, estimate: Estimate, reason: string | undefined): object {
  const { account, book, history } = desk
  const quantity = Number(ticket.legs[0]?.qty ?? 0)
  const commission = centsOf(estimate, 'COMMISSION')
  const power = buyingPower(account, history.market, book.subAccount === 'MARGIN') + Number(estimate.net)
  const value = Number(Dec.abs(estimate.value))
  const orderStrategy = {
    accountNumber: book.number,
    advancedOrderType: 'NONE',
    enteredTime: schwabTime(Instant.toEpochMs(desk.now())),
    orderBalance: {
      orderValue: value,
      projectedAvailableFund: rounded(power),
      projectedBuyingPower: rounded(power),
      projectedCommission: commission,
    },
    orderStrategyType: 'SINGLE',
    orderVersion: 1,
    session: ticket.session,
    status: reason === undefined ? 'ACCEPTED' : 'REJECTED',
    discretionary: false,
    duration: ticket.tif,
    filledQuantity: 0,
    orderType: orderType({ legs: ticket.legs, type: ticket.type }),
    orderValue: value,
    ...(ticket.limit === null ? {} : { price: Number(ticket.limit) }),
    quantity,
    remainingQuantity: reason === undefined ? quantity : 0,
    sellNonMarginableFirst: false,
    strategy: ticket.legs.length > 1 ? 'VERTICAL' : 'NONE',
    amountIndicator: 'SHARES',
    orderLegs: ticket.legs.map((leg, index) => legOf(desk, leg, index)),
  }
  const rejects = reason === undefined ? {} : { rejects: [{ activityMessage: reason, originalSeverity: 'REJECT' }] }
  return { orderId: 0, orderStrategy, orderValidationResult: rejects, commissionAndFee: chargesOf(ticket, desk) }
}

function legOf({ history }: SchwabDesk, { instrument, side, effect }: StoryLeg, index: number): object {
  const quote = quoteOf(history.market, instrument)
  const option = instrument.contract !== null
  const opening = effect === 'open'
  const plain = side === 'buy' ? (opening ? 'BUY' : 'BUY_TO_COVER') : opening ? 'SELL_SHORT' : 'SELL'
  return {
    askPrice: quote.ask,
    bidPrice: quote.bid,
    lastPrice: quote.last,
    markPrice: quote.last,
    projectedCommission: option ? 0.65 : 0,
    legId: index + 1,
    assetType: option ? 'OPTION' : 'EQUITY',
    instruction: option ? `${side.toUpperCase()}_TO_${effect.toUpperCase()}` : plain,
    positionEffect: opening ? 'OPENING' : 'CLOSING',
    instrument: instrumentOf(instrument),
  }
}

function instrumentOf(instrument: Instrument): object {
  const { contract } = instrument
  const base = { assetType: contract ? 'OPTION' : 'EQUITY', symbol: paddedSymbol(instrument), description: instrument.name }
  if (!contract) return base
  const deliverable = { symbol: contract.underlying, deliverableUnits: 100 }
  return {
    ...base,
    type: 'VANILLA',
    putCall: contract.right.toUpperCase(),
    underlyingSymbol: contract.underlying,
    optionDeliverables: [deliverable],
  }
}

function chargesOf({ legs }: Ticket, desk: SchwabDesk): object {
  const commissionLegs = legs.map(leg => ({ commissionValues: [{ value: 0, type: 'BASE_CHARGE' }, ...valuesOf(leg, true, desk)] }))
  const feeLegs = legs.map(leg => ({ feeValues: valuesOf(leg, false, desk) }))
  return { commission: { commissionLegs }, fee: { feeLegs }, trueCommission: { commissionLegs } }
}

function valuesOf(leg: StoryLeg, commission: boolean, { history }: SchwabDesk): object[] {
  const value = quoteOf(history.market, leg.instrument).last * Number(leg.qty) * Number(leg.instrument.multiplier)
  return schwabFees(leg, leg.qty, value)
    .filter(({ type }) => type !== null && (type === 'COMMISSION') === commission)
    .map(({ type, cents }) => ({ value: cents / 100, type }))
}

function centsOf({ fees }: Estimate, type: 'COMMISSION'): number {
  return fees.filter(fee => fee.type === type).reduce((total, { cents }) => total + cents, 0) / 100
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}

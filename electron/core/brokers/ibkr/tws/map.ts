import { AppError } from '../../../../../shared/contract/errors.ts'
import type { ActivityFacts, Side } from '../../../../../shared/domain/activity.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import type { Instant, LocalDate } from '../../../../../shared/domain/time.ts'
import type { BrokerActivity, BrokerPosition } from '../../adapter.ts'
import { exchangeDay } from '../../exchange-day.ts'
import { oddRow, readableFacts } from '../../odd-row.ts'
import { executionIdentity } from '../flex/rows.ts'
import { ownValue } from '../own-value.ts'
import { precedenceOf } from '../precedence.ts'
import { figure, multiplierOf, needed, perUnit, twsTime } from './figures.ts'
import type { Fill } from './fills.ts'
import { classOf, symbolOf } from './instrument.ts'
import type { TwsMessage } from './messages.ts'

type PositionMessage = Extract<TwsMessage, { kind: 'position' }>
type PortfolioMessage = Extract<TwsMessage, { kind: 'portfolio' }>

/** A holding; `avgCost` is the cost of a whole contract, costs included. */
export function toPosition(
  { contract, quantity, cost }: PositionMessage,
  valued: PortfolioMessage | undefined,
  asOf: Instant,
): BrokerPosition {
  const average = figure(cost)
  const assetClass = classOf(contract)
  const unrealized = figure(valued?.unrealized)
  return {
    symbol: symbolOf(contract, exchangeDay(asOf)),
    assetClass,
    quantity: needed(quantity, 'the quantity of a position'),
    averagePrice: average === null ? null : perUnit(average, multiplierOf(contract.multiplier)),
    marketValue: ownValue(assetClass, figure(valued?.value), unrealized),
    unrealized,
    currency: contract.currency ?? 'USD',
    asOf,
  }
}

const SIDES = new Map<string, Side>([
  ['BOT', 'buy'],
  ['SLD', 'sell'],
])
const NAMES = { id: 'execId', type: 'element', days: [] }

/** An execution as a row of history, under the id it has in Flex and the web API too. `zone` is TWS's own, for times that name none. */
export function toActivity(fill: Fill, zone: string, usualDay: LocalDate): BrokerActivity {
  const raw = rawOf(fill)
  const { id, state } = executionIdentity(fill.execution.execution.execId ?? '')
  const odd = (): ActivityFacts => {
    const facts = oddRow(raw, NAMES, usualDay)
    return id === '' ? facts : { ...facts, externalId: id }
  }
  const facts = readableFacts(fill, each => toFacts(each, zone), odd)
  const told = fill.commission === null ? 'live-without-costs' : 'live'
  return { facts, raw, precedence: precedenceOf(state, facts.kind === 'other' ? 'odd' : told) }
}

function toFacts({ execution: { contract, execution }, commission }: Fill, zone: string): ActivityFacts {
  const { id, state } = executionIdentity(execution.execId ?? '')
  const side = SIDES.get(execution.side ?? '')
  const executedAt = twsTime(execution.time ?? '', zone)
  if (side === undefined || executedAt === null || id === '')
    throw new AppError('broker/unreadable', { details: { broker: 'TWS' }, cause: 'an execution without id, side or time' })
  const quantity = needed(execution.shares, 'the quantity of an execution')
  const price = needed(execution.price, 'the price of an execution')
  const currency = contract.currency ?? 'USD'
  const costs = costsOf(commission, currency)
  return {
    externalId: id,
    kind: 'trade',
    brokerType: 'Execution',
    symbol: symbolOf(contract, exchangeDay(executedAt)),
    assetClass: classOf(contract),
    side,
    positionEffect: null,
    quantity: Dec.abs(quantity),
    price,
    amount:
      costs === null || settlesDaily(contract.secType)
        ? null
        : cashOf(side, Dec.mul(Dec.mul(quantity, price), multiplierOf(contract.multiplier)), costs),
    fees: costs ?? Dec.zero,
    currency,
    executedAt,
    tradeDate: exchangeDay(executedAt),
    orderId: execution.permId === undefined || execution.permId === 0 ? null : String(execution.permId),
    description: null,
    status: state > 1 ? 'corrected' : 'final',
  }
}

/** What a fill cost in its own currency; null while TWS has not said, or when it was paid in another one. */
function costsOf(commission: Fill['commission'], currency: string): Dec | null {
  const cost = figure(commission?.report.commission)
  return commission?.report.currency === currency ? cost : null
}

/** The price of a future or a CFD is not paid. */
function settlesDaily(secType: string | undefined): boolean {
  return secType === 'FUT' || secType === 'CFD'
}

function cashOf(side: Side, value: Dec, costs: Dec): Dec {
  return Dec.sub(side === 'buy' ? Dec.neg(value) : value, costs)
}

/** The fields of both messages as they came. */
function rawOf({ execution, commission }: Fill): string {
  return JSON.stringify({
    element: 'Execution',
    execId: execution.execution.execId ?? null,
    execDetails: execution.tokens,
    commissionReport: commission?.tokens ?? null,
  })
}

import { AppError } from '../../../../../shared/contract/errors.ts'
import type { ActivityFacts, Side } from '../../../../../shared/domain/activity.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import { Instant, type LocalDate } from '../../../../../shared/domain/time.ts'
import type { BrokerAccount, BrokerActivity, BrokerBalance, BrokerPosition } from '../../adapter.ts'
import { exchangeDay } from '../../exchange-day.ts'
import { oddRow, readableFacts } from '../../odd-row.ts'
import { executionIdentity } from '../flex/rows.ts'
import { ownValue } from '../own-value.ts'
import { precedenceOf } from '../precedence.ts'
import { instrumentOf } from './instrument.ts'
import type { AccountWire, LedgerWire, PositionWire, SummaryWire, TradeWire } from './wire.ts'

export function toAccount({ accountId, currency, acctCustType }: AccountWire): BrokerAccount {
  return { key: accountId, number: accountId, name: 'IBKR account', type: acctCustType ?? '', currency: currency ?? 'USD' }
}

/** The base currency first, with the figures of the whole account, then every other currency with money in it. */
export function toBalances(ledger: LedgerWire, summary: SummaryWire, asOf: Instant): BrokerBalance[] {
  const base = summary.netliquidation?.currency ?? 'USD'
  const others = Object.entries(ledger).filter(
    ([key, { cashbalance, netliquidationvalue }]) =>
      key !== 'BASE' && key !== base && [cashbalance, netliquidationvalue].some(figure => figure !== null && !Dec.isZero(figure)),
  )
  return [
    {
      currency: base,
      netLiquidation: summary.netliquidation?.amount ?? ledger[base]?.netliquidationvalue ?? null,
      cash: ledger[base]?.cashbalance ?? summary.totalcashvalue?.amount ?? null,
      buyingPower: summary.buyingpower?.amount ?? null,
      asOf,
    },
    ...others.map(([key, row]) => ({
      currency: row.currency ?? key,
      netLiquidation: row.netliquidationvalue,
      cash: row.cashbalance,
      buyingPower: null,
      asOf,
      ...(row.exchangerate ? { toBase: row.exchangerate } : {}),
    })),
  ]
}

/** `avgPrice` is for one unit, `avgCost` for a contract. */
export function toPosition(wire: PositionWire, asOf: Instant): BrokerPosition {
  const { symbol, assetClass } = instrumentOf(
    {
      assetClass: wire.assetClass,
      symbol: wire.ticker ?? wire.contractDesc?.split(/ +/)[0] ?? null,
      currency: wire.currency,
      description: wire.contractDesc,
      expiry: wire.expiry,
      right: wire.putOrCall,
      strike: wire.strike,
      conid: wire.conid,
    },
    exchangeDay(asOf),
  )
  return {
    symbol,
    assetClass,
    quantity: wire.position,
    averagePrice: wire.avgPrice,
    marketValue: ownValue(assetClass, wire.mktValue, wire.unrealizedPnl),
    unrealized: wire.unrealizedPnl,
    currency: wire.currency ?? 'USD',
    asOf,
  }
}

const SIDES = new Map<string, Side>([
  ['B', 'buy'],
  ['BOT', 'buy'],
  ['BUY', 'buy'],
  ['S', 'sell'],
  ['SLD', 'sell'],
  ['SELL', 'sell'],
])
const NAMES = { id: 'execution_id', type: 'sec_type', days: [] }

/** An execution under the id it has in Flex and TWS too. */
export function toActivity(wire: TradeWire | null, raw: string, usualDay: LocalDate): BrokerActivity {
  const unread = oddRow(raw, NAMES, usualDay)
  const { id, state } = executionIdentity(wire?.execution_id ?? unread.externalId)
  const facts = readableFacts(wire, toFacts, () => ({ ...unread, externalId: id }))
  const told = wire?.commission == null ? 'live-without-costs' : 'live'
  return { facts, raw, precedence: precedenceOf(state, facts.kind === 'other' ? 'odd' : told) }
}

function toFacts(wire: TradeWire): ActivityFacts {
  const side = SIDES.get(wire.side ?? '')
  const executedAt = timeOf(wire)
  if (side === undefined || executedAt === null)
    throw new AppError('broker/unreadable', { details: { broker: 'Interactive Brokers' }, cause: 'a trade without side or time' })
  const tradeDate = exchangeDay(executedAt)
  const described = {
    assetClass: wire.sec_type,
    symbol: wire.symbol,
    currency: wire.currency,
    description: wire.contract_description_2 ?? wire.contract_description_1,
    conid: wire.conid,
  }
  const { symbol, assetClass } = instrumentOf(described, tradeDate)
  const { id, state } = executionIdentity(wire.execution_id)
  return {
    externalId: id,
    kind: 'trade',
    brokerType: wire.sec_type ?? 'trade',
    symbol,
    assetClass,
    side,
    positionEffect: null,
    quantity: Dec.abs(wire.size),
    price: wire.price,
    amount: amountOf(wire, side, assetClass === 'future'),
    fees: wire.commission ?? Dec.zero,
    currency: wire.currency ?? 'USD',
    executedAt,
    tradeDate,
    orderId: wire.order_id,
    description: null,
    status: state > 1 ? 'corrected' : 'final',
  }
}

/** `net_amount` is the value without costs and without a sign. */
function amountOf({ net_amount: value, commission }: TradeWire, side: Side, settlesDaily: boolean): Dec | null {
  if (value === null || commission === null || settlesDaily) return null
  const paid = Dec.abs(value)
  return Dec.sub(side === 'buy' ? Dec.neg(paid) : paid, commission)
}

const UTC_TIME = /^(\d{4})(\d{2})(\d{2})-(\d{2}:\d{2}:\d{2})$/

/** `trade_time` is UTC to the second, as Flex and TWS have it; `trade_time_r` the same in milliseconds. */
function timeOf({ trade_time, trade_time_r }: TradeWire): Instant | null {
  const [, year, month, day, clock] = UTC_TIME.exec(trade_time ?? '') ?? []
  if (clock !== undefined) return Instant.parse(`${year}-${month}-${day}T${clock}Z`)
  return trade_time_r === null ? null : Instant.fromEpochMs(trade_time_r)
}

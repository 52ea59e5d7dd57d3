import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import { epochDay, midnightMs } from './calendar.ts'
import type { Instrument } from './instrument.ts'
import { centsOf } from './instrument.ts'
import type { CashEntry, FeeLine, FillEntry, Holding, Story, StoryLeg, StoryOrder, TransferEntry } from './story.ts'

/** How a broker states costs: rows of their own a day later, or inside the trade with the cash rounded to cents. */
export type FeeStyle = 'apart' | 'inside'

/** What a broker charges for a fill of this quantity; `value` is its worth in dollars. */
export type FeeList = (leg: StoryLeg, qty: Dec, value: number) => FeeLine[]

type CashFacts = Pick<CashEntry, 'what' | 'net' | 'note'> & Partial<Pick<CashEntry, 'symbol' | 'qty' | 'perShare'>>
type TransferFacts = Pick<TransferEntry, 'what' | 'instrument' | 'qty' | 'price' | 'net' | 'note'>
type FillFacts = Pick<FillEntry, 'at' | 'micros' | 'qty' | 'price' | 'cumulative' | 'leaves'>

/** Books entries: every one changes the story, the holdings and the cash together, so that they always agree. */
export interface Clerk {
  readonly story: Story
  held(symbol: string): Dec
  cash(day: LocalDate, facts: CashFacts): void
  transfer(day: LocalDate, facts: TransferFacts): void
  order(day: LocalDate, facts: Omit<StoryOrder, 'number' | 'fills'>): StoryOrder
  fill(order: StoryOrder, leg: StoryLeg, day: LocalDate, facts: FillFacts): FillEntry
}

export function createClerk(style: FeeStyle, fees: FeeList = schwabFees): Clerk {
  const story: Story = { entries: [], orders: [], holdings: new Map(), cash: Dec.zero }
  let sequence = 0
  let sequenceDay = 0
  const stamp = (day: LocalDate, at = midnightMs(day)) => {
    const dayNumber = epochDay(day)
    sequence = dayNumber === sequenceDay ? sequence + 1 : 0
    sequenceDay = dayNumber
    return { dayNumber, sequence, at, day }
  }
  return {
    story,
    held: symbol => story.holdings.get(symbol)?.qty ?? Dec.zero,
    cash(day, facts) {
      story.entries.push({ kind: 'cash', symbol: null, qty: null, perShare: null, ...stamp(day), ...facts })
      story.cash = Dec.add(story.cash, facts.net)
    },
    transfer(day, facts) {
      story.entries.push({ kind: 'transfer', ...stamp(day), ...facts })
      moveHolding(story.holdings, facts.instrument, facts.qty, Dec.neg(facts.net))
      story.cash = Dec.add(story.cash, facts.net)
    },
    order(day, facts) {
      const first = epochDay(day) * 1000
      const last = story.orders.at(-1)?.number ?? 0
      const order = { ...facts, number: last < first ? first : last + 1, fills: [] }
      story.orders.push(order)
      return order
    },
    fill(order, leg, day, facts) {
      const value = Dec.mul(Dec.mul(facts.qty, facts.price), leg.instrument.multiplier)
      const charged = fees(leg, facts.qty, Number(value))
      const cash = leg.side === 'buy' ? Dec.neg(value) : value
      const costs = centsOf(charged.reduce((total, fee) => total + fee.cents, 0))
      const net = style === 'inside' ? Dec.sub(Dec.round(cash, 2), costs) : cash
      const entry: FillEntry = { kind: 'fill', order, leg, fees: charged, net, ...stamp(day, facts.at), ...facts }
      story.entries.push(entry)
      order.fills.push(entry)
      moveHolding(story.holdings, leg.instrument, leg.side === 'buy' ? facts.qty : Dec.neg(facts.qty), Dec.neg(net))
      story.cash = Dec.add(story.cash, net)
      return entry
    },
  }
}

/** The costs of a fill in whole cents: Schwab's price list, and the regulators' rates rounded up. */
export function schwabFees(leg: StoryLeg, qty: Dec, value: number): FeeLine[] {
  const pieces = Number(qty)
  const sold = leg.side === 'sell'
  if (leg.instrument.kind === 'future-option') {
    return [
      { type: 'COMMISSION', cents: Math.round(225 * pieces) },
      { type: null, cents: 0 },
      { type: 'FUTURES_EXCHANGE_FEE', cents: Math.round(55 * pieces) },
      { type: null, cents: Math.round(2 * pieces) },
    ]
  }
  const option = leg.instrument.kind === 'option'
  const sec: FeeLine = { type: 'SEC_FEE', cents: sold ? Math.ceil(value * 0.00278) : 0 }
  const taf: FeeLine = { type: 'TAF_FEE', cents: sold ? Math.ceil(pieces * (option ? 0.279 : 0.0166)) : 0 }
  const commission: FeeLine = { type: 'COMMISSION', cents: option ? Math.round(65 * pieces) : 0 }
  return option ? [commission, sec, { type: 'OPT_REG_FEE', cents: Math.ceil(pieces * 1.3) }, taf] : [commission, sec, taf]
}

/** Changes a holding by some pieces; `paid` is what they cost, negative for what they brought. */
export function moveHolding(holdings: Map<string, Holding>, instrument: Instrument, change: Dec, paid: Dec): void {
  const held = holdings.get(instrument.symbol)
  if (!held) {
    if (!Dec.isZero(change)) holdings.set(instrument.symbol, { instrument, qty: change, cost: paid })
    return
  }
  const qty = Dec.add(held.qty, change)
  if (Dec.isZero(qty)) {
    holdings.delete(instrument.symbol)
    return
  }
  const grows = Dec.isNegative(held.qty) === Dec.isNegative(change)
  // Average cost: a reduction leaves the cost of a piece as it was. Cents are enough for what is only shown.
  held.cost = grows ? Dec.add(held.cost, paid) : Dec.of(((Number(held.cost) * Number(qty)) / Number(held.qty)).toFixed(2))
  held.qty = qty
}

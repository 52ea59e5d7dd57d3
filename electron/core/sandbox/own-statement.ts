import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { midnightMs } from './calendar.ts'
import { priceOn } from './history.ts'
import type { Account } from './history.ts'
import { centsOf } from './instrument.ts'
import type { Instrument } from './instrument.ts'
import type { Market } from './market.ts'
import { bulkMovements, keepBook, movementsOf } from './own-book.ts'
import type { LotResult, Movement, Moving, OpenLot } from './own-book.ts'

/** What a closing did to one lot. Amounts in dollars, with the costs the broker puts into the cash of a trade. */
export interface StatedClosing {
  readonly symbol: string
  readonly opened: LocalDate
  readonly closed: LocalDate
  readonly short: boolean
  /** Without a sign. */
  readonly quantity: Dec
  readonly realized: Dec
}

export interface StatedPosition {
  readonly symbol: string
  readonly quantity: Dec
  /** Of the lots that are left, first in, first out; negative for short ones. */
  readonly cost: Dec
  readonly value: Dec
}

/** What a simulated broker says of one account: the same figures its statements of account would show. */
export interface AccountStatement {
  /** As the broker names it. */
  readonly account: string
  /** The last day it is about. */
  readonly until: LocalDate
  readonly cash: Readonly<Record<string, Dec>>
  /** Cash and holdings at the price of the last trading day, in the base currency. */
  readonly value: Dec
  readonly positions: readonly StatedPosition[]
  /** Oldest first. */
  readonly closings: readonly StatedClosing[]
  /** Of the closings, by year. */
  readonly realized: Readonly<Record<string, Dec>>
}

export interface StatementWish {
  readonly number: string
  readonly account: Account
  readonly market: Market
  readonly until: LocalDate
  /** What an entry changed the cash by, where the broker tells another amount than the story. */
  readonly cashOf?: (entry: Moving) => Dec
  /** The broker's name of an instrument, where it is not the story's. */
  readonly nameOf?: (instrument: Instrument) => string
}

/** Makes the statement of an account from its story alone. */
export function statementOf({
  number,
  account,
  market,
  until,
  cashOf = ({ net }) => net,
  nameOf = ({ symbol }) => symbol,
}: StatementWish): AccountStatement {
  const entries = account.story.entries.filter(({ day }) => day <= until)
  const bulk = bulkMovements(account, market, midnightMs(LocalDate.plusDays(until, 1)))
  const told = movementsOf(entries, cashOf)
  const movements = bulk.length === 0 ? told : [...told, ...bulk].sort((a, b) => a.at - b.at)
  const book = keepBook(movements)
  const positions = positionsOf(book.open, { market, until, nameOf })
  const cash = Dec.sum([...entries.map(entry => (entry.kind === 'cash' ? entry.net : cashOf(entry))), ...bulk.map(({ net }) => net)])
  const closings = closingsOf(movements, book.results, nameOf)
  const years = Map.groupBy(closings, ({ closed }) => closed.slice(0, 4))
  return {
    account: number,
    until,
    cash: { USD: cash },
    value: Dec.sum([cash, ...positions.map(({ value }) => value)]),
    positions,
    closings,
    realized: Object.fromEntries([...years].map(([year, all]) => [year, Dec.sum(all.map(({ realized }) => realized))])),
  }
}

function positionsOf(
  open: readonly OpenLot[],
  { market, until, nameOf }: Pick<Required<StatementWish>, 'market' | 'until' | 'nameOf'>,
): StatedPosition[] {
  const last = market.days.findLastIndex(day => day <= until)
  return [...Map.groupBy(open, ({ instrument }) => nameOf(instrument))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([symbol, lots]) => {
      const quantity = Dec.sum(lots.map(({ qty }) => qty))
      const instrument = lots[0]?.instrument
      if (!instrument) return []
      const cents = priceOn(market, instrument, Math.max(0, last)) * Number(quantity) * Number(instrument.multiplier)
      return [{ symbol, quantity, cost: Dec.sum(lots.map(({ cost }) => cost)), value: centsOf(Math.round(cents)) }]
    })
}

function closingsOf(
  movements: readonly Movement[],
  results: ReadonlyMap<Movement['of'], LotResult>,
  nameOf: (instrument: Instrument) => string,
): StatedClosing[] {
  return movements.flatMap(({ of, day, instrument }) =>
    (results.get(of)?.closed ?? []).map(({ qty, realized, short, opened }) => ({
      symbol: nameOf(instrument),
      opened: opened.day,
      closed: day,
      short,
      quantity: qty,
      realized,
    })),
  )
}

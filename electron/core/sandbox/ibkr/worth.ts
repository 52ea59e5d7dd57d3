import { Dec } from '../../../../shared/domain/decimal.ts'
import { EXCHANGE_ZONE, Instant, toLocalDate } from '../../../../shared/domain/time.ts'
import { cashOf, priceNow, valueCents } from '../history.ts'
import type { Account } from '../history.ts'
import { centsOf } from '../instrument.ts'
import type { Instrument } from '../instrument.ts'
import type { Market } from '../market.ts'
import { movementsOf, realizedOn } from '../own-book.ts'
import type { IbkrContract } from './contract.ts'
import { contractOf } from './contract.ts'

/** A position in IBKR's terms. `averageCost` is a piece's, its multiplier and the commission inside. */
export interface IbkrPosition {
  readonly instrument: Instrument
  readonly contract: IbkrContract
  readonly qty: Dec
  readonly averageCost: Dec
  readonly price: Dec
  readonly value: Dec
  readonly unrealized: Dec
  /** Gain since yesterday's close. */
  readonly daily: Dec
}

/** What an account is worth, in dollars. */
export interface Worth {
  readonly cash: Dec
  readonly stock: Dec
  readonly options: Dec
  readonly total: Dec
  readonly gross: Dec
  readonly unrealized: Dec
  readonly daily: Dec
  readonly initialMargin: Dec
  readonly maintenanceMargin: Dec
  readonly available: Dec
  readonly buyingPower: Dec
}

/** What an account realized today, which is what its ledger and its profit and loss tell. */
export function realizedToday({ story }: Account, nowMs: number): Dec {
  return Dec.round(realizedOn(movementsOf(story.entries), toLocalDate(Instant.fromEpochMs(nowMs), EXCHANGE_ZONE)), 2)
}

/** The positions of an account, by symbol. */
export function positionsOf(market: Market, account: Account): IbkrPosition[] {
  return [...account.story.holdings.values()]
    .sort((a, b) => (a.instrument.symbol < b.instrument.symbol ? -1 : 1))
    .map(({ instrument, qty, cost }) => {
      const value = centsOf(valueCents(market, instrument, qty))
      return {
        instrument,
        contract: contractOf(instrument),
        qty,
        averageCost: Dec.of((Number(cost) / Number(qty)).toFixed(8)),
        price: centsOf(priceNow(market, instrument)),
        value,
        unrealized: Dec.sub(value, Dec.round(cost, 2)),
        daily: Dec.sub(value, centsOf(valueCents(market, instrument, qty, 1))),
      }
    })
}

/** Adds an account up: cash, the positions at today's prices, and margins of a quarter and a half of the shares. */
export function worthOf(market: Market, account: Account): Worth {
  const positions = positionsOf(market, account)
  const sum = (values: readonly Dec[]): Dec => Dec.sum(values)
  const cash = Dec.round(cashOf(account), 2)
  const shares = positions.filter(({ contract }) => contract.secType === 'STK')
  const stock = sum(shares.map(({ value }) => value))
  const options = sum(positions.filter(({ contract }) => contract.secType !== 'STK').map(({ value }) => value))
  const gross = sum(positions.map(({ value }) => Dec.abs(value)))
  const total = Dec.sum([cash, stock, options])
  const maintenanceMargin = Dec.round(Dec.mul(sum(shares.map(({ value }) => Dec.abs(value))), Dec.of('0.25')), 2)
  const initialMargin = Dec.mul(maintenanceMargin, Dec.of('2'))
  const equity = Dec.add(cash, stock)
  const spare = Dec.sub(equity, initialMargin)
  const available = Dec.isNegative(spare) ? Dec.zero : spare
  return {
    cash,
    stock,
    options,
    total,
    gross,
    unrealized: sum(positions.map(({ unrealized }) => unrealized)),
    daily: sum(positions.map(({ daily }) => daily)),
    initialMargin,
    maintenanceMargin,
    available,
    buyingPower: Dec.mul(available, Dec.of('4')),
  }
}

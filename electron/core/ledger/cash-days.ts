import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Writer } from '../db/connection.ts'
import { type CashSums, currenciesOn, dayOf, NO_CASH, putDay } from '../store/ledger-days.ts'
import { type CashRow, dayRows } from '../store/ledger-history.ts'
import { accruedOf } from './lots/accrued.ts'
import { mayMove, type RowOverride, said } from './lots/lot-rows.ts'
import { PAR } from './lots/multiplier.ts'
import { addTo, newTally, type Tally, totalOf } from './tally.ts'

type Overrides = ReadonlyMap<string, RowOverride>

/** The cash of a row by what it is; null for one that does not count. */
export function cashOf(row: CashRow, overrides: Overrides): CashSums | null {
  const { kind, amount, status, externalId, assetClass } = row
  if (amount === null || status === 'canceled' || (overrides.size > 0 && overrides.get(externalId)?.ignored === true)) return null
  const isFee = kind === 'fee' || kind === 'tax'
  // The price of shares a dividend bought takes nothing off the dividend.
  const isDividend = kind === 'dividend' && !mayMove(row)
  return { dividends: isDividend ? amount : Dec.zero, interest: kind === 'interest' ? amount : assetClass === 'bond' ? accruedIn(row, overrides.get(externalId)) : Dec.zero, otherFees: isFee ? Dec.neg(amount) : Dec.zero, cash: amount }
}

/** True for rows that count as their amount alone and may move their instrument (see cashOf and mayMove), whatever their figures are, where the user says nothing of any. */
export function isPlainCash({ kind, status, assetClass }: Pick<CashRow, 'kind' | 'status' | 'assetClass'>): boolean {
  return kind === 'trade' && status !== 'canceled' && assetClass !== 'bond'
}

/** Of a bond that is counted in other units than percent nobody can say how much of its cash is interest. */
function accruedIn(row: CashRow, override: RowOverride | undefined): Dec {
  const told = override?.multiplier === undefined || override.multiplier === PAR ? said(row, override) : null
  return told ? accruedOf(told) : Dec.zero
}

export function addCash(a: CashSums, b: CashSums): CashSums {
  return {
    dividends: Dec.add(a.dividends, b.dividends),
    interest: Dec.add(a.interest, b.interest),
    otherFees: Dec.add(a.otherFees, b.otherFees),
    cash: Dec.add(a.cash, b.cash),
  }
}

/** Cash that many rows are added to. */
export type CashTally = Readonly<Record<keyof CashSums, Tally>>

export function newCashTally(): CashTally {
  return { dividends: newTally(), interest: newTally(), otherFees: newTally(), cash: newTally() }
}

export function tallyCash(tally: CashTally, { dividends, interest, otherFees, cash }: CashSums): void {
  addTo(tally.dividends, dividends)
  addTo(tally.interest, interest)
  addTo(tally.otherFees, otherFees)
  addTo(tally.cash, cash)
}

export function cashSumsOf({ dividends, interest, otherFees, cash }: CashTally): CashSums {
  return { dividends: totalOf(dividends), interest: totalOf(interest), otherFees: totalOf(otherFees), cash: totalOf(cash) }
}

/** Sums the cash of one day of an account anew; what closings made of it stays. Call it in a transaction. */
export function updateCashDay(writer: Writer, account: number, day: LocalDate, overrides: Overrides): void {
  const sums = new Map<string, CashSums>(currenciesOn(writer, account, day).map(currency => [currency, NO_CASH]))
  for (const row of dayRows(writer, account, day)) {
    const cash = cashOf(row, overrides)
    if (cash) sums.set(row.currency, addCash(sums.get(row.currency) ?? NO_CASH, cash))
  }
  for (const [currency, cash] of sums) putDay(writer, account, currency, day, { ...dayOf(writer, account, currency, day), ...cash })
}

import type { LotRow } from '../../../../../electron/core/ledger/lots/lot-row.ts'
import { sortMicros } from '../../../../../electron/core/ledger/sort.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../../../../shared/domain/time.ts'

const FIGURES = ['quantity', 'price', 'amount', 'fees'] as const

/** A row of history for lots; figures and times as text. `at` is a moment, left out for a row of a day. */
export function lotRow(
  told: Partial<Omit<LotRow, (typeof FIGURES)[number] | 'tradeDate'>> & Partial<Record<(typeof FIGURES)[number] | 'day' | 'at', string>> & { readonly id: number },
): LotRow {
  const { day = '2026-03-02', at, quantity, price, amount, fees = '0', ...rest } = told
  const tradeDate = LocalDate.of(at?.slice(0, 10) ?? day)
  const figure = (text: string | undefined): Dec | null => (text === undefined ? null : Dec.of(text))
  return {
    externalId: `r${told.id}`, kind: 'trade', brokerType: 'Trade', symbol: 'XYZ', assetClass: 'equity', side: null, positionEffect: null, currency: 'USD',
    description: null, status: 'final', ...rest, quantity: figure(quantity), price: figure(price), amount: figure(amount), fees: Dec.of(fees), tradeDate,
    sortAt: sortMicros({ executedAt: at === undefined ? null : Instant.parse(at), tradeDate }), isTimed: at !== undefined,
  }
}

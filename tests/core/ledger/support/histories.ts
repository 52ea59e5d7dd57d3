import fc from 'fast-check'
import type { ActivityFacts } from '../../../../shared/domain/activity.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../../shared/domain/ids.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, toLocalDate } from '../../../../shared/domain/time.ts'
import type { Row } from '../../store/support.ts'

const START = Instant.parse('2025-03-03T15:00:00Z')
export const SYMBOLS = ['AAPL', 'XYZ', 'NEWX', 'SPY261218C00250000', 'SPY1261218C00250000', '912828ABC'] as const
const KINDS = ['trade', 'trade', 'trade', 'trade', 'trade', 'trade', 'dividend', 'split', 'transfer', 'corporate-action', 'corporate-action', 'option-event', 'fee'] as const

const cents = (max: number): fc.Arbitrary<Dec> => fc.integer({ min: 0, max }).map(digits => Dec.ofDigits(String(digits), false, 2))

/** Rows of few instruments over few days, of every kind that moves a holding, in any order; ids repeat, which makes corrections. */
export function historyRow(accounts: readonly AccountId[]): fc.Arbitrary<Row> {
  return fc
    .record({
      accountId: fc.constantFrom(...accounts),
      number: fc.integer({ min: 1, max: 60 }),
      kind: fc.constantFrom(...KINDS),
      symbol: fc.constantFrom(...SYMBOLS),
      hour: fc.integer({ min: 0, max: 30 * 24 }),
      onlyDay: fc.boolean(),
      side: fc.constantFrom('buy' as const, 'buy' as const, 'sell' as const),
      effect: fc.constantFrom('open' as const, 'close' as const, null, null),
      size: fc.oneof(fc.integer({ min: 1, max: 30 }).map(n => Dec.of(String(n))), fc.integer({ min: 1, max: 3000 }).map(n => Dec.ofDigits(String(n), false, 3))),
      isOut: fc.boolean(),
      price: fc.option(cents(30_000), { freq: 8 }),
      fees: cents(300),
      hasAmount: fc.boolean(),
      status: fc.constantFrom('final' as const, 'final' as const, 'final' as const, 'corrected' as const, 'canceled' as const),
      currency: fc.constantFrom('USD', 'USD', 'USD', 'USD', 'CAD'),
    })
    .map(({ accountId, number, kind, symbol, hour, onlyDay, side, effect, size, isOut, price, fees, hasAmount, status, currency }): Row => {
      const at = Instant.plus(START, hour * 3_600_000)
      const isTrade = kind === 'trade'
      // tastytrade's shares of a dividend, elsewhere a dividend is money.
      const inShares = kind === 'dividend' && hasAmount
      const inLieu = kind === 'corporate-action' && hasAmount
      const quantity = inShares ? size : kind === 'dividend' || kind === 'fee' || inLieu ? null : isTrade ? size : isOut ? Dec.neg(size) : size
      const gross = price === null ? null : Dec.mul(size, price)
      const paid = gross === null ? null : side === 'buy' ? Dec.neg(Dec.add(gross, fees)) : Dec.sub(gross, fees)
      const facts: ActivityFacts = {
        externalId: number % 3 === 0 ? `${number}` : `row-${number}`, kind, brokerType: inShares ? 'Receive Deliver / Dividend' : isTrade ? 'FILL' : inLieu ? 'CIL' : kind, symbol, assetClass: symbol.length > 9 ? 'option' : symbol.length > 6 ? 'bond' : 'equity',
        side: isTrade ? side : null, positionEffect: isTrade ? effect : null, quantity, price: isTrade ? price : null,
        amount: isTrade ? (hasAmount ? paid : null) : kind === 'dividend' || kind === 'fee' || inLieu ? fees : null, fees: isTrade ? fees : Dec.zero, currency, executedAt: onlyDay ? null : at,
        tradeDate: toLocalDate(at, EXCHANGE_ZONE), orderId: null, description: null, status,
      }
      return { accountId, facts, raw: '{}' }
    })
}

export const openingDay = (day: number): LocalDate => LocalDate.plusDays(LocalDate.of('2025-02-25'), day)

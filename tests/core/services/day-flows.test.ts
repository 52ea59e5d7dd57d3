import { describe, expect, test } from 'vitest'
import { activityValues } from '../../../electron/core/ledger/values.ts'
import { upsertActivities } from '../../../electron/core/store/activities-write.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import { d, house, THURSDAY, TODAY } from './support/portfolio-house.ts'

type House = ReturnType<typeof house>

const MORNING = Instant.parse('2026-11-20T14:30:00Z')
const NOON = Instant.parse('2026-11-20T18:00:00Z')
const AFTER_CLOSE = Instant.parse('2026-11-20T21:00:00Z')

const valued = (at: Instant, value: string): House => {
  const app = house()
  app.worth(THURSDAY, '1000', '1000')
  app.worth(at, value, value)
  return app
}

/** A deposit of 500 that was read at a moment. */
function deposit({ db, first }: House, told: Partial<ActivityFacts>, fetchedAt: Instant): void {
  const facts: ActivityFacts = {
    externalId: 'deposit',
    kind: 'transfer',
    brokerType: 'CSD',
    symbol: null,
    assetClass: null,
    side: null,
    positionEffect: null,
    quantity: null,
    price: null,
    amount: d('500'),
    fees: Dec.zero,
    currency: 'USD',
    executedAt: null,
    tradeDate: TODAY,
    orderId: null,
    description: null,
    status: 'final',
    ...told,
  }
  db.writer.tx(w => upsertActivities(w, [activityValues(first, { facts, raw: '{}' }, { asOf: fetchedAt, fetchedAt })]))
}

const today = (app: House) => {
  app.compute()
  return app.look().totals[0]?.day
}

describe('what a day made, by a value that was read before the rows', () => {
  test('has a deposit of after the value in neither: it is no loss', () => {
    const app = valued(MORNING, '1005')
    deposit(app, { executedAt: NOON }, NOON)
    expect(today(app)).toEqual({ amount: '5', because: null })
  })

  test('takes a deposit of before the value out, whenever its row was read', () => {
    const app = valued(NOON, '1505')
    deposit(app, { executedAt: MORNING }, AFTER_CLOSE)
    expect(today(app)).toMatchObject({ amount: '5' })
  })

  test('is not known where the broker tells only the day of a deposit, and its row came after the value', () => {
    const app = valued(MORNING, '1005')
    deposit(app, {}, NOON)
    expect(today(app)).toEqual({
      amount: null,
      because: "Something came in or went out on 20 Nov 2026, and whether before or after that day's value was read is not told.",
    })
  })

  test('takes a deposit of the day out where its row was there before the value was read, or the value is of after the close', () => {
    const told = valued(NOON, '1505')
    deposit(told, {}, MORNING)
    const late = valued(AFTER_CLOSE, '1505')
    deposit(late, {}, Instant.plus(AFTER_CLOSE, 60_000))
    expect([today(told), today(late)]).toMatchObject([{ amount: '5' }, { amount: '5' }])
  })

  test('has a deposit the broker dates on a later day in neither', () => {
    const app = valued(MORNING, '1005')
    deposit(app, { tradeDate: LocalDate.of('2026-11-23') }, NOON)
    expect(today(app)).toMatchObject({ amount: '5' })
  })
})

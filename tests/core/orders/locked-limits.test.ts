import { describe, expect, test } from 'vitest'
import { globalLimits, limitsAround, limitsOf, lockedUntil, requireUnlocked } from '../../../electron/core/orders/limits.ts'
import type { Db } from '../../../electron/core/db/open.ts'
import { insertConnection } from '../../../electron/core/store/connections.ts'
import { insertIntent, settleIntent } from '../../../electron/core/store/order-intents.ts'
import { writeLimits } from '../../../electron/core/store/order-limits.ts'
import { setTradingSwitch } from '../../../electron/core/store/trading-switches.ts'
import { AccountIdSchema } from '../../../shared/contract/schemas.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { type OrderLimits, STARTING_LIMITS } from '../../../shared/domain/order-limits.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { AT, tempDatabase } from '../../support/data-folder.ts'
import { connection, withAccounts } from '../store/support.ts'
import { limitDraft } from './support/order-books.ts'

const d = Dec.of
/** Before Thanksgiving, Thursday the 26th; the Friday after it is a half day, and then comes a weekend. */
const WEDNESDAY = Instant.parse('2026-11-25T15:00:00Z')
const FRIDAY = Instant.parse('2026-11-27T15:00:00Z')
const SATURDAY = Instant.parse('2026-11-28T15:00:00Z')

interface House {
  readonly db: Db
  readonly account: AccountId
  readonly other: AccountId
  sent(at: string, account?: AccountId): void
}

function house(): House {
  const db = tempDatabase()
  const [account, other] = withAccounts(db, { con_a: ['111', '222'] })
  if (!account || !other) throw new Error('no accounts')
  let count = 0
  return {
    db,
    account,
    other,
    sent(text, accountId = account) {
      const id = `int_${(count += 1)}`
      const at = Instant.parse(text)
      const about = { accountId, connectionId: connection('con_a').id, environment: 'paper' as const, kind: 'place' as const }
      insertIntent(db.writer, {
        id,
        ...about,
        clientOrderId: id,
        draft: limitDraft(),
        ticket: null,
        hash: '',
        target: null,
        createdAt: at,
        sentAt: at,
      })
      settleIntent(db.writer, id, { outcome: 'confirmed', externalId: id, status: null, error: null, at })
    },
  }
}

describe('the daily limits', () => {
  test('are free on a day without orders', () => {
    const { db, account, sent } = house()
    sent('2026-11-25T04:59:59.999Z')
    expect(lockedUntil(db.reader, WEDNESDAY)).toBeNull()
    expect(lockedUntil(db.reader, WEDNESDAY, account)).toBeNull()
  })

  test('of an account that is gone are locked where trading is on for any', () => {
    const { db } = house()
    const gone = AccountIdSchema.parse('acc_gone')
    expect(lockedUntil(db.reader, WEDNESDAY, gone)).toBeNull()
    setTradingSwitch(db.writer, connection('con_a').id, { isOn: true, automation: 'approve' }, AT)
    expect(lockedUntil(db.reader, WEDNESDAY, gone)).toBe('2026-11-27T05:00:00.000Z')
  })

  test('are locked by an order from midnight in New York on, until the next trading day there', () => {
    const { db, account, other, sent } = house()
    sent('2026-11-25T05:00:00Z')
    expect(lockedUntil(db.reader, WEDNESDAY)).toBe('2026-11-27T05:00:00.000Z')
    expect(lockedUntil(db.reader, WEDNESDAY, account)).toBe('2026-11-27T05:00:00.000Z')
    expect(lockedUntil(db.reader, WEDNESDAY, other)).toBeNull()
  })

  test('stay locked over a weekend, and are free on the trading day after it', () => {
    const { db, sent } = house()
    sent('2026-11-27T15:00:00Z')
    expect(lockedUntil(db.reader, FRIDAY)).toBe('2026-11-30T05:00:00.000Z')
    expect(lockedUntil(db.reader, SATURDAY)).toBe('2026-11-30T05:00:00.000Z')
    expect(lockedUntil(db.reader, Instant.parse('2026-11-30T04:59:59Z'))).toBe('2026-11-30T05:00:00.000Z')
    expect(lockedUntil(db.reader, Instant.parse('2026-11-30T05:00:00Z'))).toBeNull()
  })

  test('are free on a weekend after a Friday without orders', () => {
    const { db, sent } = house()
    sent('2026-11-25T15:00:00Z')
    expect(lockedUntil(db.reader, FRIDAY)).toBeNull()
    expect(lockedUntil(db.reader, SATURDAY)).toBeNull()
  })
})

describe('the daily limits while trading is on', () => {
  const at = (text: string): Instant => Instant.parse(text)
  const on = ({ db }: House, id: string): void =>
    setTradingSwitch(db.writer, connection(id).id, { isOn: true, automation: 'approve' }, WEDNESDAY)

  test('are locked from four in the morning in New York on a trading day, also without an order', () => {
    const open = house()
    on(open, 'con_a')
    const { reader } = open.db
    expect(lockedUntil(reader, at('2026-11-25T08:59:59.999Z'))).toBeNull()
    expect(lockedUntil(reader, at('2026-11-25T09:00:00Z'))).toBe('2026-11-27T05:00:00.000Z')
    expect(lockedUntil(reader, at('2026-11-26T15:00:00Z'))).toBeNull()
    expect(lockedUntil(reader, SATURDAY)).toBeNull()
  })

  test('of an account are locked by its own connection', () => {
    const open = house()
    const [elsewhere] = withAccounts(open.db, { con_b: ['333'] })
    on(open, 'con_a')
    expect(lockedUntil(open.db.reader, WEDNESDAY, open.account)).not.toBeNull()
    expect(lockedUntil(open.db.reader, WEDNESDAY, elsewhere)).toBeNull()
  })
})

describe('a clock nobody vouches for', () => {
  const raise = (db: Db, next: Partial<OrderLimits>): (() => void) => {
    const limits = { ...STARTING_LIMITS, ...next }
    return () => requireUnlocked(db.reader, { now: WEDNESDAY, isKnown: false }, { accountId: null, next: limits })
  }

  test('raises nothing where a broker could say what time it is', () => {
    const { db } = house()
    expect(raise(db, { ordersPerDay: 51 })).toThrow(expect.objectContaining({ code: 'order/limit-clock' }))
    expect(raise(db, { ordersPerDay: 49 })).not.toThrow()
  })

  test('raises where there is none: simulators and files say no time', () => {
    const db = tempDatabase()
    insertConnection(db.writer, { ...connection('con_s'), environment: 'sandbox' })
    insertConnection(db.writer, { ...connection('con_f'), environment: 'live', method: 'file' })
    expect(raise(db, { ordersPerDay: 51 })).not.toThrow()
    insertConnection(db.writer, { ...connection('con_l'), environment: 'live' })
    expect(raise(db, { ordersPerDay: 51 })).toThrow(/./)
  })
})

describe('a change of limits on a day with orders', () => {
  /** `free`, or the code and the day from which it goes. */
  function change({ db }: House, accountId: AccountId | null, next: Partial<OrderLimits> | null): string {
    try {
      requireUnlocked(db.reader, { now: WEDNESDAY, isKnown: true }, { accountId, next: next && { ...STARTING_LIMITS, ...next } })
      return 'free'
    } catch (error) {
      return error instanceof AppError ? `${error.code} ${error.details['when'] ?? ''}` : String(error)
    }
  }
  const LOCKED = 'order/limit-locked 2026-11-27'

  test('may lower everything and raise what is not counted by the day', () => {
    const at = house()
    at.sent('2026-11-25T14:00:00Z')
    for (const next of [{}, { maxDailyLoss: d('999') }, { ordersPerDay: 49 }, { maxNotional: d('999999'), ordersPerMinute: 60 }])
      expect(change(at, null, next)).toBe('free')
  })

  test('may take back the own ones of an account, where those of all let less through', () => {
    const at = house()
    writeLimits(at.db.writer, null, { ...STARTING_LIMITS, maxDailyLoss: d('400') }, WEDNESDAY)
    writeLimits(at.db.writer, at.account, { ...STARTING_LIMITS, maxDailyLoss: d('500') }, WEDNESDAY)
    at.sent('2026-11-25T14:00:00Z')
    expect(change(at, at.account, null)).toBe('free')
    writeLimits(at.db.writer, at.account, { ...STARTING_LIMITS, maxDailyLoss: d('300') }, WEDNESDAY)
    expect(change(at, at.account, null)).toBe(LOCKED)
  })

  test('may raise neither the loss nor the count', () => {
    const at = house()
    expect(change(at, null, { maxDailyLoss: d('1000.01') })).toBe('free')
    at.sent('2026-11-25T14:00:00Z')
    expect(change(at, null, { maxDailyLoss: d('1000.01') })).toBe(LOCKED)
    expect(change(at, null, { ordersPerDay: 51 })).toBe(LOCKED)
    expect(change(at, null, { ordersPerDay: 51, maxDailyLoss: d('1') })).toBe(LOCKED)
  })

  test('may not take limits away where that raises them, and may where it does not', () => {
    const at = house()
    at.sent('2026-11-25T14:00:00Z')
    expect(change(at, null, null)).toBe('free')
    writeLimits(at.db.writer, null, { ...STARTING_LIMITS, ordersPerDay: 10 }, AT)
    expect(change(at, null, null)).toBe(LOCKED)
    writeLimits(at.db.writer, null, { ...STARTING_LIMITS, ordersPerDay: 60 }, AT)
    expect(change(at, null, null)).toBe('free')
    writeLimits(at.db.writer, at.account, { ...STARTING_LIMITS, ordersPerDay: 20 }, AT)
    expect(change(at, at.account, null)).toBe(LOCKED)
  })

  test('of one account is measured by its own, or by those of all where it has none', () => {
    const at = house()
    at.sent('2026-11-25T14:00:00Z')
    expect(change(at, at.account, {})).toBe('free')
    expect(change(at, at.account, { ordersPerDay: 51 })).toBe(LOCKED)
    writeLimits(at.db.writer, at.account, { ...STARTING_LIMITS, ordersPerDay: 20 }, AT)
    expect(change(at, at.account, { ordersPerDay: 20 })).toBe('free')
    expect(change(at, at.account, { ordersPerDay: 21 })).toBe(LOCKED)
    // The other one sent nothing.
    expect(change(at, at.other, { ordersPerDay: 51 })).toBe('free')
  })
})

describe('what holds', () => {
  test('after a change is what is shown before it is made', () => {
    const { db, account } = house()
    writeLimits(db.writer, account, { ...STARTING_LIMITS, maxQuantity: d('70') }, AT)
    const next = { ...STARTING_LIMITS, maxQuantity: d('2000') }
    expect(limitsAround(db.reader, null, next)).toEqual({ before: STARTING_LIMITS, after: next })
    expect(limitsAround(db.reader, null, null)).toEqual({ before: STARTING_LIMITS, after: STARTING_LIMITS })
    expect(limitsAround(db.reader, account, next)).toMatchObject({ before: { maxQuantity: '70' }, after: { maxQuantity: '1000' } })
    expect(limitsAround(db.reader, account, null)).toMatchObject({ before: { maxQuantity: '70' }, after: { maxQuantity: '1000' } })
  })

  test('is where an account starts until somebody sets limits, and then the smaller ones', () => {
    const { db, account, other } = house()
    expect(globalLimits(db.reader)).toEqual(STARTING_LIMITS)
    expect(limitsOf(db.reader, account)).toEqual(STARTING_LIMITS)
    const all = { ...STARTING_LIMITS, maxQuantity: d('50') }
    writeLimits(db.writer, null, all, AT)
    writeLimits(db.writer, account, { ...STARTING_LIMITS, maxNotional: d('70') }, AT)
    expect(globalLimits(db.reader)).toEqual(all)
    expect(limitsOf(db.reader, other)).toEqual(all)
    expect(limitsOf(db.reader, account)).toEqual({ ...all, maxNotional: '70' })
  })
})

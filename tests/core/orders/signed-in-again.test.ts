import { describe, expect, test } from 'vitest'
import type { Db } from '../../../electron/core/db/open.ts'
import { lossToday } from '../../../electron/core/orders/loss-today.ts'
import { beginForgetting, forgetSome } from '../../../electron/core/store/delete-history.ts'
import { insertConnection } from '../../../electron/core/store/connections.ts'
import { forgetOrders, insertIntent, sentSince, settleIntent } from '../../../electron/core/store/order-intents.ts'
import { saveWorth, worthBefore } from '../../../electron/core/store/worth-days.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import { tempDatabase } from '../../support/data-folder.ts'
import { adopt, connection, withAccounts } from '../store/support.ts'
import { limitDraft } from './support/order-books.ts'

/** A Monday morning in New York, and the end of the Friday before. */
const NOW = Instant.parse('2026-11-23T15:00:00Z')
const FRIDAY = Instant.parse('2026-11-20T21:00:00Z')
const TODAY = Instant.parse('2026-11-23T05:00:00Z')
const DAY_MS = 86_400_000

interface Home {
  readonly db: Db
  readonly id: AccountId
  worth(at: Instant, worth: string): void
  sent(at: Instant): void
  lossAt(worth: string): Dec | null
  /** Deletes the connection with its history while the clock says this, and signs in to the same account again. */
  again(now?: Instant): AccountId | undefined
}

function home(): Home {
  const db = tempDatabase()
  const [id] = withAccounts(db, { con_a: ['111'] })
  if (!id) throw new Error('no account')
  const balance = (asOf: Instant, worth: string) => [
    { currency: 'USD', netLiquidation: Dec.of(worth), cash: null, buyingPower: null, asOf },
  ]
  let [orders, signIns] = [0, 0]
  return {
    db,
    id,
    worth: (at, worth) => saveWorth(db.writer, id, balance(at, worth)),
    sent(at) {
      const clientOrderId = `one_${(orders += 1)}`
      const about = { accountId: id, connectionId: connection('con_a').id, environment: 'paper' as const, kind: 'place' as const }
      const rest = { draft: limitDraft({ clientOrderId }), ticket: null, hash: '', target: null, createdAt: at, sentAt: at }
      insertIntent(db.writer, { id: `int_${clientOrderId}`, ...about, clientOrderId, ...rest })
      settleIntent(db.writer, `int_${clientOrderId}`, { outcome: 'confirmed', externalId: clientOrderId, status: null, error: null, at })
    },
    lossAt: worth => lossToday(db.reader, { id, currency: 'USD' }, { balances: balance(NOW, worth), positions: [] }, NOW),
    again(now = NOW) {
      const { id: connectionId } = connection(signIns === 0 ? 'con_a' : `con_${signIns}`)
      db.writer.tx(w => {
        forgetOrders(w, connectionId, { before: Instant.plus(now, -DAY_MS), at: now })
        beginForgetting(w, connectionId)
      })
      while (forgetSome(db.writer, connectionId));
      signIns += 1
      const next = connection(`con_${signIns}`)
      insertConnection(db.writer, next)
      return adopt(db, next.id, ['111'])[0]?.id
    },
  }
}

describe('an account that was deleted with its history and is signed in again', () => {
  test('is the same one, and goes on counting the orders of its day', () => {
    const { db, id, sent, again } = home()
    for (const minutes of [0, 1, 2]) sent(Instant.plus(TODAY, minutes * 60_000))
    expect(again()).toBe(id)
    expect(sentSince(db.reader, TODAY, id)).toHaveLength(3)
  })

  test('counts them where the clock was days ahead when it was deleted', () => {
    const { db, id, sent, again } = home()
    sent(Instant.plus(NOW, -2 * DAY_MS))
    sent(TODAY)
    sent(NOW)
    again(Instant.plus(NOW, 9 * DAY_MS))
    expect(sentSince(db.reader, TODAY, id)).toHaveLength(2)
    // What is older than a day before the last order is forgotten.
    expect(sentSince(db.reader, Instant.plus(NOW, -9 * DAY_MS), id)).toHaveLength(2)
  })

  test('goes on with what its day has lost since the last one', () => {
    const { worth, lossAt, again } = home()
    worth(FRIDAY, '100000')
    worth(TODAY, '99500')
    expect(lossAt('99000')).toBe('1000')
    again()
    expect(lossAt('99000')).toBe('1000')
    again()
    expect(lossAt('99000')).toBe('1000')
  })

  test('goes on with what its first day has lost since the first reading', () => {
    const { worth, lossAt, again } = home()
    worth(TODAY, '99500')
    again()
    worth(NOW, '99000')
    expect(lossAt('99000')).toBe('500')
  })

  test('has nothing of the days before that', () => {
    const { db, id, worth, again } = home()
    worth(Instant.plus(FRIDAY, -3 * DAY_MS), '90000')
    worth(Instant.plus(FRIDAY, -2 * DAY_MS), '91000')
    worth(Instant.plus(FRIDAY, -DAY_MS), '95000')
    worth(FRIDAY, '100000')
    worth(NOW, '99000')
    again()
    expect(worthBefore(db.reader, id, 'USD', LocalDate.of('2026-11-23'))).toMatchObject({ day: '2026-11-20', netLiquidation: '100000' })
    expect(worthBefore(db.reader, id, 'USD', LocalDate.of('2026-11-19'))).toMatchObject({ day: '2026-11-18' })
    expect(worthBefore(db.reader, id, 'USD', LocalDate.of('2026-11-18'))).toBeNull()
  })
})

describe('the first reading of a day', () => {
  test('outlives a clock that was set ahead and back', () => {
    const { worth, lossAt } = home()
    worth(TODAY, '99500')
    worth(Instant.plus(NOW, DAY_MS), '99300')
    worth(NOW, '99200')
    expect(lossAt('99000')).toBe('500')
  })
})

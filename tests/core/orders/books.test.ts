import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { openConnection } from '../../../electron/core/db/open.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import { createPlace } from '../../../electron/core/orders/place.ts'
import { createSubmit } from '../../../electron/core/orders/submit.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { PlacedView, ReviewView, Ticket } from '../../../shared/contract/orders.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { type OrderDesk, orderDesk, positionOf } from './support/order-desk.ts'
import { tradingHouse } from './support/trading-house.ts'

const ALL = ['order/stopped-loss-unknown-all']
const OWN = ['order/stopped-loss-unknown']
const codes = ({ stops }: ReviewView): string[] => stops.map(({ code }) => code)

interface Desk extends OrderDesk {
  /** The history of an account gets something that its books do not have. */
  getsNews(accountId: AccountId): void
  review(ticket?: Partial<Ticket>, signal?: AbortSignal): Promise<ReviewView>
  place(review: ReviewView): Promise<PlacedView>
  /** What happens while an order waits for its turn to be written down. */
  beforeWriting(what: () => void): void
  /** How often the books were asked to catch up. */
  settled(): number
}

/** Two accounts, and books that take in what waits at once; `catchUp` is what comes before that. */
async function desk(catchUp: () => Promise<void> = () => Promise.resolve()): Promise<Desk> {
  const made = await orderDesk()
  const { db, core, deps, reviews, says } = made
  let times = 0
  says.settleBooks = async () => {
    times += 1
    await catchUp()
    db.writer.run(sql`DELETE FROM ledger_dirty`)
  }
  let before = (): void => undefined
  const between: typeof core.between = run => {
    before()
    before = () => undefined
    return core.between(run)
  }
  const submit = createSubmit({ core: { ...core, between }, kill: deps.kill, isLocked: () => false, onOutcome: () => undefined })
  const place = createPlace(deps, { reviews, submit })
  const { signal: never } = new AbortController()
  return {
    ...made,
    settled: () => times,
    beforeWriting: what => void (before = what),
    getsNews: id =>
      void db.writer.run(
        sql`INSERT OR IGNORE INTO ledger_dirty (account, symbol, from_sort_at, from_id) SELECT n, '*', 0, 0 FROM accounts WHERE id = ${id}`,
      ),
    review: (ticket = {}, signal = never) => reviews.review(made.ticket(ticket), { signal }),
    place: ({ reviewId, hash }) => place({ reviewId, hash, confirmed: [], from: 'window', signal: never }),
  }
}

describe('an order, while a sync is bringing in what happened today', () => {
  test('is measured when the books of its account and of the others have it', async () => {
    for (const whose of ['accountId', 'otherId'] as const) {
      const it = await desk()
      it.getsNews(it[whose])
      expect(codes(await it.review())).toEqual([])
      expect(it.settled()).toBe(1)
    }
  })

  test('is measured when a sync brings more while the books catch up', async () => {
    const it = await desk()
    const { settleBooks } = it.says
    it.says.settleBooks = async () => {
      await settleBooks()
      if (it.settled() === 1) it.getsNews(it.otherId)
    }
    it.getsNews(it.otherId)
    expect(codes(await it.review())).toEqual([])
    expect(it.settled()).toBe(2)
  })

  test('asks books that fail a few times and no more', async () => {
    const it = await desk()
    let times = 0
    it.says.settleBooks = () => Promise.resolve(void (times += 1))
    it.getsNews(it.otherId)
    expect(codes(await it.review())).toEqual(ALL)
    expect(times).toBe(3)
  })

  test('waits for no books that have everything', async () => {
    const it = await desk()
    expect(codes(await it.review())).toEqual([])
    expect(it.settled()).toBe(0)
  })

  test('is stopped with the account nobody can tell the loss of, when its books take too long', async () => {
    const never = Promise.withResolvers<void>()
    const it = await desk(() => never.promise)
    it.getsNews(it.otherId)
    const review = it.review()
    await it.clock.until(() => it.settled() === 1 && it.clock.pending > 0)
    await it.clock.advance(5_000)
    expect(codes(await review)).toEqual(ALL)
    never.resolve()
  })

  test('is stopped when the books fail', async () => {
    const it = await desk()
    it.says.settleBooks = () => Promise.resolve()
    it.getsNews(it.accountId)
    expect(codes(await it.review())).toEqual(OWN)
    it.getsNews(it.otherId)
    it.db.writer.run(sql`DELETE FROM ledger_dirty WHERE account = (SELECT n FROM accounts WHERE id = ${it.accountId})`)
    expect(codes(await it.review())).toEqual(ALL)
  })

  test('does not wait where it closes something: a loss never stops that', async () => {
    const it = await desk()
    it.says.positions = [positionOf('AAPL', '10')]
    it.getsNews(it.accountId)
    it.getsNews(it.otherId)
    expect(codes(await it.review({ action: 'sell' }))).toEqual([])
    expect(it.settled()).toBe(0)
  })

  test('is given up with its review', async () => {
    const never = Promise.withResolvers<void>()
    const it = await desk(() => never.promise)
    it.getsNews(it.otherId)
    const stop = new AbortController()
    const review = it.review({}, stop.signal)
    const end = review.catch((error: unknown) => (error instanceof AppError ? error.code : error))
    await it.clock.until(() => it.settled() === 1)
    stop.abort()
    expect(await end).toBe('app/canceled')
    expect(it.clock.pending).toBe(0)
    never.resolve()
  })

  test('is measured again when the news comes while its broker checks it', async () => {
    const it = await desk()
    it.says.rules = { preview: true }
    it.says.preview = async () => {
      it.getsNews(it.otherId)
      throw new AppError('broker/unavailable', { details: { broker: 'Alpaca', status: '503' } })
    }
    expect(codes(await it.review())).toEqual([])
  })

  test('goes when the news comes between the last look at its account and the sending, and goes once', async () => {
    const it = await desk()
    const review = await it.review()
    it.beforeWriting(() => it.getsNews(it.otherId))
    expect((await it.place(review)).outcome).toBe('confirmed')
    expect(it.asked.filter(one => one === 'place')).toHaveLength(1)
  })

  test('is not sent when the books do not catch up', async () => {
    const it = await desk()
    const review = await it.review()
    it.says.settleBooks = () => Promise.resolve()
    it.getsNews(it.otherId)
    await expect(it.place(review)).rejects.toMatchObject({ code: ALL[0] })
    expect(it.asked).not.toContain('place')
  })

  test('is reviewed and sent by the whole app', async () => {
    await using house = await tradingHouse()
    const review = await house.review()
    expect(codes(review)).toEqual([])
    const db = openConnection(path.join(house.app.ports.paths.dataDir, 'keelson.db'))
    const behind = (): void =>
      void db.writer.run(sql`INSERT OR IGNORE INTO ledger_dirty (account, symbol, from_sort_at, from_id) SELECT n, '*', 0, 0 FROM accounts`)
    behind()
    expect(codes(await house.review())).toEqual([])
    behind()
    expect((await house.place(review)).outcome).toBe('confirmed')
    db.close()
  })
})

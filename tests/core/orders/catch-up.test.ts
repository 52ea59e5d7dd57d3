import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { sql } from '../../../electron/core/db/sql.ts'
import type { Candidate } from '../../../electron/core/orders/appraise.ts'
import { draftOf } from '../../../electron/core/orders/draft-of.ts'
import { type OrderDesk, orderDesk } from './support/order-desk.ts'

interface Behind {
  readonly desk: OrderDesk
  readonly candidate: Candidate
  /** How often the books were asked to catch up. */
  settled(): number
}

/** An order, and books of its account that lack something of today, or do not. */
async function books(isBehind: boolean): Promise<Behind> {
  const desk = await orderDesk()
  const ticket = desk.ticket()
  const about = { ticket, draft: draftOf(ticket, 'one'), environment: desk.connection.environment }
  const candidate = await desk.reviews.candidate(about, [], { signal: new AbortController().signal })
  let times = 0
  desk.says.settleBooks = () => {
    times += 1
    desk.db.writer.run(sql`DELETE FROM ledger_dirty`)
    return Promise.resolve()
  }
  if (isBehind)
    desk.db.writer.run(
      sql`INSERT INTO ledger_dirty (account, symbol, from_sort_at, from_id) SELECT n, '*', 0, 0 FROM accounts WHERE id = ${desk.accountId}`,
    )
  return { desk, candidate, settled: () => times }
}

describe('books that an order waits for', () => {
  test('are known once they caught up, and leave nobody listening', async () => {
    const { desk, candidate, settled } = await books(true)
    const { signal } = new AbortController()
    expect(await desk.reviews.catchUp(candidate, { signal })).toBe(true)
    expect([settled(), getEventListeners(signal, 'abort').length, desk.clock.pending]).toEqual([1, 0, 0])
  })

  test('are not asked for where they have everything: there is nothing new to know', async () => {
    const { desk, candidate, settled } = await books(false)
    expect(await desk.reviews.catchUp(candidate, { signal: new AbortController().signal })).toBe(false)
    expect(settled()).toBe(0)
  })

  test('are not asked for by one who gave up', async () => {
    const { desk, candidate, settled } = await books(true)
    await expect(desk.reviews.catchUp(candidate, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'app/canceled' })
    expect([settled(), desk.clock.pending]).toEqual([0, 0])
  })
})

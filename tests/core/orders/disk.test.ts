import { describe, expect, test } from 'vitest'
import { AppError, toErrorView } from '../../../shared/contract/errors.ts'
import { getIntent, openIntents } from '../../../electron/core/store/order-intents.ts'
import type { Sendable } from '../../../electron/core/orders/submit.ts'
import { brokerOrder, limitDraft } from './support/order-books.ts'
import { type ScriptedVenue, scriptedVenue } from './support/scripted-venue.ts'
import type { Ticket } from '../../../shared/contract/orders.ts'

const sendable = ({ venue }: ScriptedVenue, hash = ''): Sendable => ({
  venue,
  ticket: { replaces: null } as Ticket,
  draft: limitDraft({ clientOrderId: 'one' }),
  hash,
  from: 'window',
  mayGo: () => undefined,
})

/** From here on the database takes no further page. */
function fill({ db }: ScriptedVenue): () => void {
  db.raw.exec('CREATE TABLE filler (x TEXT)')
  const pages = Number(db.raw.pragma('page_count', { simple: true }))
  db.raw.pragma(`max_page_count = ${pages}`)
  try {
    for (;;) db.raw.exec(`INSERT INTO filler VALUES (hex(randomblob(200)))`)
  } catch {
    // Full.
  }
  return () => void db.raw.pragma('max_page_count = 1000000')
}

describe('a disk that is full', () => {
  test('before the order is written down keeps it from going, and says so', async () => {
    const house = await scriptedVenue()
    const empty = fill(house)
    // Longer than what its table has room for without a new page.
    const error: unknown = await house.submit(sendable(house, 'x'.repeat(50_000))).catch((thrown: unknown) => thrown)
    expect(error instanceof AppError ? toErrorView(error) : error).toMatchObject({ code: 'order/not-written' })
    expect(String(error)).toContain('The disk is full')
    expect(house.sent).toEqual([])
    expect(openIntents(house.db.reader)).toEqual([])
    empty()
    expect(await house.submit(sendable(house))).toMatchObject({ outcome: 'confirmed' })
    expect(house.sent).toHaveLength(1)
  })

  test('when the answer comes leaves it unknown, never sent again, and found by the row that was written before', async () => {
    const house = await scriptedVenue()
    const full: { empty: (() => void) | null } = { empty: null }
    house.script.place = ({ clientOrderId }) => {
      full.empty = fill(house)
      return Promise.resolve({ externalId: clientOrderId, status: 'working', statusText: 'x'.repeat(20_000) })
    }
    const told = await house.submit(sendable(house))
    expect(told).toMatchObject({ outcome: 'unknown' })
    expect(getIntent(house.db.reader, told.id)).toMatchObject({ outcome: 'sending' })
    expect(house.submit.isUnderWay(told.id)).toBe(false)
    full.empty?.()
    house.shown.push({ from: 0, order: brokerOrder({ clientOrderId: 'one', submittedAt: house.clock.now() }) })
    expect(await house.resolver.look(told.id)).toMatchObject({ outcome: 'confirmed', externalId: '71' })
    expect(house.sent).toHaveLength(1)
  })
})

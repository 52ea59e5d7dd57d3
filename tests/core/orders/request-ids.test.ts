import { describe, expect, test } from 'vitest'
import type { Place } from '../../../electron/core/orders/place.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import { getRequest } from '../../../electron/core/store/order-requests.ts'
import { setTradingSwitch } from '../../../electron/core/store/trading-switches.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { askingDesk } from './support/asking-desk.ts'
import type { OrderDesk } from './support/order-desk.ts'

const d = Dec.of
const DAY_MS = 86_400_000
const sent = ({ asked }: OrderDesk): number => asked.filter(one => one === 'place').length

/** So much later that the guard takes two of a kind for no slip, with prices of then. */
function later({ clock, says }: OrderDesk): void {
  clock.jump(61_000)
  says.quotes = says.quotes.map(quote => ({ ...quote, asOf: clock.now() }))
}
const never = (): Promise<never> => new Promise(() => undefined)

describe('an order asked for a second time under the same id', () => {
  test('is the first one: it waits once, and its answer is the answer to both', async () => {
    const { desk, requests, ask, approve } = await askingDesk()
    const first = await ask({ symbol: 'aapl' }, { id: 'morning-1' })
    expect(first).toMatchObject({ requestId: 'morning-1', state: 'waiting' })
    expect(await ask({}, { id: 'morning-1', from: 'another script' })).toEqual(first)
    expect(requests.waiting()).toBe(1)
    const placed = await approve(first)
    expect(await ask({}, { id: 'morning-1' })).toEqual({ ...first, state: 'placed', placed })
    expect(sent(desk)).toBe(1)
  })

  test('goes once where programs order directly, in this run and in the next', async () => {
    const asking = await askingDesk('direct')
    const { desk, ask } = asking
    const first = await ask({}, { id: 'a' })
    expect(first).toMatchObject({ state: 'placed', placed: { outcome: 'confirmed' } })
    later(desk)
    expect(await ask({}, { id: 'a' })).toEqual(first)
    expect(await asking.again().ask({}, { id: 'a' })).toEqual(first)
    expect(sent(desk)).toBe(1)
    await ask({}, { id: 'b' })
    expect(sent(desk)).toBe(2)
  })

  test('waits for the first while that is on its way, and goes once', async () => {
    const { desk, ask } = await askingDesk('direct')
    let answer = (): void => undefined
    desk.says.place = ({ clientOrderId }) =>
      new Promise(resolve => {
        answer = () => resolve({ externalId: clientOrderId, status: 'working', statusText: 'new' })
      })
    const both = [ask({}, { id: 'a' }), ask({}, { id: 'a' })]
    await desk.clock.until(() => sent(desk) === 1)
    const other: unknown = await ask({ quantity: d('11') }, { id: 'a' }).catch((error: unknown) => error)
    expect(other).toMatchObject({ code: 'order/request-id-used' })
    answer()
    const [first, second] = await Promise.all(both)
    expect(second).toEqual(first)
    expect(first).toMatchObject({ state: 'placed', placed: { outcome: 'confirmed' } })
    expect(sent(desk)).toBe(1)
  })

  test('says what became of the first since', async () => {
    const { desk, ask } = await askingDesk('direct')
    desk.says.place = () => Promise.reject(new AppError('order/unknown'))
    expect(await ask({}, { id: 'a' })).toMatchObject({ placed: { outcome: 'unknown' } })
    desk.db.writer.exec(`UPDATE order_intents SET outcome = 'confirmed', external_id = 'at-the-broker'`)
    expect(await ask({}, { id: 'a' })).toMatchObject({ state: 'placed', placed: { outcome: 'confirmed', externalId: 'at-the-broker' } })
    expect(sent(desk)).toBe(1)
  })

  test('is told why the first was not sent, and sends nothing either', async () => {
    const asking = await askingDesk('direct')
    const { desk, requests, ask } = asking
    desk.deps.kill.pull('tray')
    const first = await ask({}, { id: 'a' })
    expect(first).toMatchObject({
      state: 'declined',
      placed: { outcome: 'not-sent', sentence: 'The kill switch is on, so no order is sent.' },
    })
    desk.deps.kill.release()
    expect(await ask({}, { id: 'a' })).toEqual(first)
    expect(await asking.again().ask({}, { id: 'a' })).toEqual(first)
    expect(requests.list(first.id)).toEqual([first])
    const bad = await ask({ limitPrice: d('100.001') }, { id: 'b' })
    expect(bad).toMatchObject({ state: 'declined', placed: { outcome: 'not-sent', error: { code: 'order/invalid' } } })
    expect(await ask({ limitPrice: d('100.001') }, { id: 'b' })).toEqual(bad)
    expect(sent(desk)).toBe(0)
  })

  test('says that it was declined, or that it ran out', async () => {
    const { desk, requests, ask } = await askingDesk()
    const [first] = [await ask({}, { id: 'a' }), await ask({}, { id: 'b' })]
    await requests.decline(first.id)
    expect(await ask({}, { id: 'a' })).toMatchObject({ id: first.id, state: 'declined', placed: null })
    desk.clock.jump(600_001)
    expect(await ask({}, { id: 'b' })).toMatchObject({ state: 'expired' })
    expect(requests.list()).toHaveLength(2)
  })

  test('is answered with trading switched off, with fifty that wait, and as often as its program likes', async () => {
    const { desk, ask } = await askingDesk()
    const first = await ask({}, { id: 'a' })
    for (let more = 1; more < 50; more += 1) await ask()
    for (let turn = 0; turn < 130; turn += 1) await ask({}, { id: 'a' })
    setTradingSwitch(desk.db.writer, desk.connection.id, { isOn: false, automation: 'approve' }, desk.clock.now())
    expect(await ask({}, { id: 'a' })).toEqual(first)
  })

  test('is another order where anything of it differs, and refused', async () => {
    const { desk, requests, ask } = await askingDesk('direct')
    await ask({}, { id: 'a' })
    for (const other of [
      { quantity: d('11') },
      { limitPrice: d('99') },
      { action: 'sell' as const },
      { symbol: 'MSFT' },
      { accountId: desk.otherId },
      { timeInForce: 'gtc' as const },
      { replaces: 'one' },
    ]) {
      const refused: unknown = await ask(other, { id: 'a' }).catch((error: unknown) => error)
      expect(refused).toMatchObject({ code: 'order/request-id-used', details: { id: 'a' } })
    }
    expect(requests.list()).toHaveLength(1)
    expect(sent(desk)).toBe(1)
  })

  test('can be asked for again under it where it was refused before it was taken', async () => {
    const { desk, ask } = await askingDesk()
    setTradingSwitch(desk.db.writer, desk.connection.id, { isOn: false, automation: 'approve' }, desk.clock.now())
    await expect(ask({}, { id: 'a' })).rejects.toMatchObject({ code: 'order/stopped-trading-off' })
    setTradingSwitch(desk.db.writer, desk.connection.id, { isOn: true, automation: 'approve' }, desk.clock.now())
    expect(await ask({}, { id: 'a' })).toMatchObject({ state: 'waiting' })
  })

  test('stands in the record with its id', async () => {
    const { desk, ask } = await askingDesk()
    await ask({}, { id: 'a' })
    await ask()
    const bodies = desk.db.reader.all(sql`SELECT body FROM audit_log WHERE kind = 'order.request' ORDER BY seq`)
    expect(bodies.map(({ body }) => (JSON.parse(String(body)) as { facts: unknown }).facts)).toEqual([{ requestId: 'a' }, {}])
  })

  test('goes once although the clock ran months ahead in between, and others asked then', async () => {
    const { desk, ask } = await askingDesk('direct')
    const first = await ask({}, { id: 'a' })
    const without = await ask()
    desk.clock.set(105 * DAY_MS)
    await ask({ quantity: d('1') }, { id: 'b' }).catch(() => undefined)
    desk.clock.set(-105 * DAY_MS)
    later(desk)
    const before = sent(desk)
    expect(await ask({}, { id: 'a' })).toEqual(first)
    expect(sent(desk)).toBe(before)
    // No program asks again under an id it never gave.
    expect(getRequest(desk.db.reader, without.id)).toBeNull()
  })

  test('is asked anew once it is both 90 days old and 10,000 came after it', async () => {
    const { desk, requests, ask } = await askingDesk()
    const first = await ask({}, { id: 'a' })
    desk.clock.jump(91 * DAY_MS)
    const fill = (from: number, to: number): void =>
      desk.db.writer.exec(`
        WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to})
        INSERT INTO order_requests (id, request_id, ticket, source, created_at, expires_at, state)
        SELECT 'req_fill' || i, 'fill' || i, ticket, source, created_at, expires_at, 'declined' FROM n, order_requests WHERE id = '${first.id}'`)
    fill(1, 9_998)
    await ask({}, { id: 'last-but-one' })
    expect(await ask({}, { id: 'a' })).toMatchObject({ id: first.id, state: 'expired' })
    fill(9_999, 9_999)
    await ask({}, { id: 'last' })
    expect(requests.list(first.id)).toEqual([])
    expect(getRequest(desk.db.reader, 'req_fill2')).not.toBeNull()
    expect(await ask({}, { id: 'a' })).toMatchObject({ state: 'waiting' })
  })

  test('is two orders without an id', async () => {
    const { requests, ask } = await askingDesk()
    const [first, second] = [await ask(), await ask()]
    expect([first.requestId, second.requestId]).toEqual([null, null])
    expect(first.id).not.toBe(second.id)
    expect(requests.waiting()).toBe(2)
  })
})

describe('an order on whose way Keelson ended', () => {
  const stopped = (): Place => never

  test('before anything of it was written down was not sent, and is not sent afterwards', async () => {
    const asking = await askingDesk('direct', stopped)
    const { desk, requests, ask } = asking
    void ask({}, { id: 'a' })
    await desk.clock.until(() => requests.list()[0]?.state === 'placed')
    expect(requests.list()).toMatchObject([{ state: 'placed', placed: null }])
    const next = asking.again()
    const told = { state: 'declined', placed: { outcome: 'not-sent', sentence: 'Nothing was sent: Keelson ended before it went out.' } }
    expect(await next.ask({}, { id: 'a' })).toMatchObject(told)
    expect(next.requests.list()).toMatchObject([told])
    expect(sent(desk)).toBe(0)
  })

  test('after it was written down is the one that was written down', async () => {
    const asking = await askingDesk('direct')
    const { desk, requests, ask } = asking
    desk.says.place = never
    void ask({}, { id: 'a' })
    await desk.clock.until(() => sent(desk) === 1)
    expect(requests.list()).toMatchObject([{ state: 'placed', placed: { outcome: 'sending' } }])
    const next = asking.again()
    expect(await next.ask({}, { id: 'a' })).toMatchObject({ state: 'placed', placed: { outcome: 'sending' } })
    // That it stands with the request is written down: it holds when the order itself is forgotten.
    desk.db.writer.exec('DELETE FROM order_intents')
    expect(await asking.again().ask({}, { id: 'a' })).toMatchObject({ state: 'placed', placed: null })
    expect(sent(desk)).toBe(1)
  })

  test('while it was looked at is over where programs order directly', async () => {
    const asking = await askingDesk('direct')
    const { desk } = asking
    desk.says.rules = { preview: true }
    desk.says.preview = never
    void asking.ask({}, { id: 'a' })
    await desk.clock.until(() => desk.asked.includes('preview'))
    const next = asking.again()
    const [found] = next.requests.list()
    expect(found).toMatchObject({ requestId: 'a', state: 'declined', placed: { outcome: 'not-sent' } })
    expect(await next.ask({}, { id: 'a' })).toEqual(found)
  })

  test('and that waits for the user waits on', async () => {
    const asking = await askingDesk()
    const request = await asking.ask({}, { id: 'a' })
    expect(asking.again().requests.list()).toEqual([request])
  })

  test('that the user approved is over, too: nobody sends it by a second yes', async () => {
    const asking = await askingDesk('approve', stopped)
    const request = await asking.ask({}, { id: 'a' })
    void asking.approve(request)
    await asking.desk.clock.until(() => asking.requests.list()[0]?.state === 'placed')
    const next = asking.again()
    expect(next.requests.list(request.id)).toMatchObject([{ state: 'declined', placed: { outcome: 'not-sent' } }])
    await expect(next.approve(request)).rejects.toMatchObject({ code: 'order/request-gone' })
  })
})

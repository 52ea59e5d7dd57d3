import { describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { askingDesk } from './support/asking-desk.ts'

const d = Dec.of

describe('a request the user changed before sending it', () => {
  test('is answered by what was reviewed, which its program and the record are told', async () => {
    const { desk, requests, ask, approve } = await askingDesk()
    const request = await ask({}, { id: 'mine' })
    const placed = await approve(request, { quantity: d('5'), limitPrice: d('99') })
    expect(placed).toMatchObject({ outcome: 'confirmed', sentence: 'The order was taken: new.' })
    const changed = 'The user changed it to: buy 5 AAPL, limit 99, day. The order was taken: new.'
    const [view] = requests.list(request.id)
    expect(view).toMatchObject({ state: 'placed', ticket: { quantity: '10' }, placed: { intentId: placed.intentId, sentence: changed } })
    expect((await ask({}, { id: 'mine' })).placed?.sentence).toBe(changed)
    expect(desk.core.audit.page({ limit: 10 }).rows.map(({ sentence }) => sentence)).toContain(
      'The request of a script was approved, changed to: buy 5 AAPL, limit 99, day.',
    )
    expect(desk.asked.filter(one => one === 'place')).toHaveLength(1)
  })

  test('and that was sent as it was asked for says nothing of a change', async () => {
    const { requests, ask, approve } = await askingDesk()
    const request = await ask({ symbol: 'aapl' })
    await approve(request)
    expect(requests.list(request.id)[0]?.placed?.sentence).toBe('The order was taken: new.')
  })

  test('is over with that: the order it asked for does not go as well', async () => {
    const { ask, approve } = await askingDesk()
    const request = await ask()
    await approve(request, { quantity: d('5') })
    await expect(approve(request)).rejects.toMatchObject({ code: 'order/request-gone' })
  })
})

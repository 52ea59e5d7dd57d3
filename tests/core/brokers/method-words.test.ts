import { describe, expect, test } from 'vitest'
import { brokers } from '../../../electron/core/brokers/registry.ts'
import { methodIntro } from '../../../shared/domain/method-words.ts'

const all = Object.values(brokers).flatMap(broker =>
  broker.methods.map(method => ({ broker, method, name: `${broker.id} ${method.method}` })),
)

describe('what is said before a way in is set up', () => {
  test.each(all)('$name: needs and life are sentences', ({ method }) => {
    const intro = methodIntro(method)
    expect(intro).toMatch(/^You need \S/)
    // Each sentence ends, begins with a capital or a figure, and has a verb of its own where the phrase had none.
    for (const sentence of intro.split(/(?<=\.) /)) expect(sentence).toMatch(/^[A-Z0-9*].*\.$/s)
    expect(intro).toMatch(/\. It lasts (?:until|as|about|seven|\d)/)
    expect(intro).not.toMatch(/You need (?:A|An|Nothing)\b|It lasts (?:Until|As|About|Seven)\b/)
  })

  test('keeps the capitals of names', () => {
    const said = (id: 'ibkr' | 'alpaca', way: string) =>
      methodIntro(brokers[id].methods.find(({ method }) => method === way) ?? { needs: '', life: '' })
    expect(said('alpaca', 'api-key')).toBe(
      'You need a key and secret made on the Alpaca dashboard. Live and paper keys differ. It lasts until you delete the key at Alpaca.',
    )
    expect(said('ibkr', 'gateway')).toMatch(/^You need IBKR's Client Portal Gateway running .* It lasts about a day, then/)
    expect(said('ibkr', 'tws')).toMatch(/^You need Trader Workstation or IB Gateway running/)
  })

  test.each(all)('$name: a guide is a page that can be opened', ({ method }) => {
    expect(method.guide ?? 'https://none/').toMatch(/^https:\/\/[a-z.]+\//)
    for (const step of method.steps ?? []) expect(step).toMatch(/^[A-Z].*[.]$/)
  })

  test.each(all.filter(({ method }) => method.method !== 'oauth'))(
    '$name: says what this way reads, and nothing of another',
    ({ broker, method }) => {
      expect(method.scopes?.length ?? 0).toBeGreaterThan(0)
      for (const { label, detail } of method.scopes ?? []) {
        expect(label).toMatch(/^[A-Z]/)
        expect(detail).toMatch(/\.$/)
        expect(`${label} ${detail} ${method.note ?? broker.note}`).not.toMatch(/signing in at/i)
      }
    },
  )
})

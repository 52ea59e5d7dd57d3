import { describe, expect, test } from 'vitest'
import { perMinute, resorted, sortBrokers, spanIn } from '../../renderer/features/brokers/sort.ts'
import { appKeysOf } from '../../renderer/state/app.ts'
import { keyWords } from '../../renderer/lib/format/index.ts'
import { brokerView } from './examples.ts'

const withFacts = (id: 'alpaca' | 'schwab' | 'etrade' | 'ibkr', name: string, change: Partial<ReturnType<typeof brokerView>['facts']>) =>
  brokerView({ id, name, facts: { ...brokerView().facts, ...change } })

describe('the comparison of brokers', () => {
  test('reads spans of time out of sentences', () => {
    expect(spanIn('15 minutes, renewed by itself')).toBe(900)
    expect(spanIn('Every seven days')).toBe(604_800)
    expect(spanIn('Every day at midnight Eastern')).toBe(86_400)
    expect(spanIn('Until midnight Eastern, renewed after two idle hours')).toBe(86_400)
    expect(spanIn('TWS: once a week. Client Portal Gateway: every day')).toBe(604_800)
    expect(spanIn('No end')).toBe(Number.POSITIVE_INFINITY)
  })

  test('reads rates as calls a minute', () => {
    expect([perMinute('50 messages a second'), perMinute('1,200 calls a minute'), perMinute('Not stated')]).toEqual([3000, 1200, 0])
  })

  test('sorts by what the words mean, equal ones by name', () => {
    const brokers = [
      withFacts('schwab', 'Charles Schwab', { tokenLife: '30 minutes', rateLimit: '120 calls a minute' }),
      withFacts('alpaca', 'Alpaca', { tokenLife: 'No end', rateLimit: '200 calls a minute' }),
      withFacts('ibkr', 'Interactive Brokers', { tokenLife: '24 hours', rateLimit: '50 messages a second' }),
      withFacts('etrade', 'E*TRADE', { tokenLife: '30 minutes', rateLimit: '120 calls a minute' }),
    ]
    const names = (column: 'life' | 'rate', descending: boolean) => sortBrokers(brokers, { column, descending }).map(({ name }) => name)
    expect(names('life', false)).toEqual(['Charles Schwab', 'E*TRADE', 'Interactive Brokers', 'Alpaca'])
    expect(names('rate', true)).toEqual(['Interactive Brokers', 'Alpaca', 'Charles Schwab', 'E*TRADE'])
  })

  test('turns round on the second click', () => {
    expect(resorted({ column: 'name', descending: false }, 'name')).toEqual({ column: 'name', descending: true })
    expect(resorted({ column: 'name', descending: true }, 'rate')).toEqual({ column: 'rate', descending: false })
  })
})

describe('app keys', () => {
  test('belong to an environment only where the broker keeps them apart', () => {
    expect(appKeysOf(brokerView({ id: 'schwab' }), 'live')).toEqual({ broker: 'schwab' })
    expect(appKeysOf(brokerView({ id: 'etrade', separateAppKeys: true }), 'paper')).toEqual({ broker: 'etrade', environment: 'paper' })
  })

  test('are called what the broker calls them', () => {
    const etrade = withFacts('etrade', 'E*TRADE', { oauth: 'OAuth 1.0a' })
    expect([keyWords(etrade).id, keyWords(brokerView()).id]).toEqual(['Consumer key', 'Client id'])
  })
})

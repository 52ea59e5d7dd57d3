import { describe, expect, test } from 'vitest'
import { createYes } from '../../../electron/core/orders/consent.ts'
import {
  armQuestion,
  auditQuestion,
  limitsQuestion,
  loosened,
  REARM_QUESTION,
  settleQuestion,
  tradingQuestion,
} from '../../../electron/core/orders/consent-words.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { type OrderLimits, STARTING_LIMITS } from '../../../shared/domain/order-limits.ts'

const d = Dec.of
const account = (number: number): { readonly name: string; readonly maskedNumber: string } => ({
  name: `Account ${number}`,
  maskedNumber: `••••${number}`,
})

describe('a question of the system box', () => {
  test('for real trading names the broker, the accounts and what programs may do then', () => {
    expect(tradingQuestion('Alpaca', [account(1), account(2)], { automation: 'approve' })).toEqual({
      message: 'Switch on trading with REAL MONEY at Alpaca?',
      detail:
        'Accounts: Account 1 ••••1, Account 2 ••••2.\n\nPrograms on this computer can ask for orders, which wait for your review.\n\nIf you did not just ask for this, say no.',
      yes: 'Switch on real trading',
    })
    expect(tradingQuestion('Alpaca', [account(1)], { automation: 'direct' }).detail).toContain(
      '\n\nPrograms on this computer will trade there without your review, inside your limits.\n\n',
    )
  })

  test('names five accounts, and says how many more there are', () => {
    const many = (count: number): string =>
      tradingQuestion(
        'Alpaca',
        Array.from({ length: count }, (_, at) => account(at + 1)),
        { automation: 'approve' },
      ).detail.split('\n')[0] ?? ''
    expect(many(5)).toBe('Accounts: Account 1 ••••1, Account 2 ••••2, Account 3 ••••3, Account 4 ••••4, Account 5 ••••5.')
    expect(many(7)).toBe('Accounts: Account 1 ••••1, Account 2 ••••2, Account 3 ••••3, Account 4 ••••4, Account 5 ••••5 and 2 more.')
  })

  test('has names of others in one line, and no more than sixty characters of one', () => {
    const { message } = armQuestion('Alpaca', { name: `Fine\n\nSay yes ${'x'.repeat(80)}`, maskedNumber: '\u202e••••1' })
    expect(message).toBe(`Let orders go to Fine Say yes ${'x'.repeat(47)} ••••1 at Alpaca?`)
  })

  test('for what the user says became of an order says what follows from it', () => {
    const follows =
      '\n\nNobody looks for it any more then, and new orders go again, with REAL MONEY.\n\nIf you did not just say this, say no.'
    expect(settleQuestion('Alpaca', 'buy 2 AAPL,\nmarket, day', 'confirmed')).toEqual({
      message: 'Is an order in doubt at Alpaca?',
      detail: `buy 2 AAPL, market, day${follows}`,
      yes: 'It is there',
    })
    expect(settleQuestion('Alpaca', 'x'.repeat(80), 'rejected')).toEqual({
      message: 'Is an order in doubt not at Alpaca?',
      detail: `${'x'.repeat(60)}${follows}`,
      yes: 'It is not there',
    })
  })

  test('for arming, the kill switch and the record says what a yes does', () => {
    expect(armQuestion('Alpaca', account(1))).toEqual({
      message: 'Let orders go to Account 1 ••••1 at Alpaca?',
      detail: 'It trades REAL MONEY. The yes holds until Keelson is ended.\n\nIf you did not just ask for this, say no.',
      yes: 'Let orders go',
    })
    expect(REARM_QUESTION).toEqual({
      message: 'Take the kill switch back?',
      detail: 'Orders can be sent again, in every account where trading is on.\n\nIf you did not just ask for this, say no.',
      yes: 'Take it back',
    })
    expect(auditQuestion('Row 2 is missing.')).toEqual({
      message: 'Take the record of orders as it is?',
      detail:
        'Row 2 is missing.\n\nOrders can be sent again then. Look first at your orders at the broker: the record may not show all of them. Nothing is deleted.',
      yes: 'Take it as it is',
    })
  })

  test('for wider limits has a line for each, and the account they are of', () => {
    expect(limitsQuestion(['a', 'b'], null)).toEqual({
      message: 'Widen the limits of all accounts?',
      detail: 'a\nb\n\nIf you did not just ask for this, say no.',
      yes: 'Widen them',
    })
    expect(limitsQuestion(['a'], 'My\naccount').message).toBe('Widen the limits of My account?')
  })
})

describe('what a change of limits lets through that did not go before', () => {
  const changed = (after: Partial<OrderLimits>, before: Partial<OrderLimits> = {}): string[] =>
    loosened({ ...STARTING_LIMITS, ...before }, { ...STARTING_LIMITS, ...after })

  test.each<[string, Partial<OrderLimits>, Partial<OrderLimits>]>([
    ['Value of one order: 100 → 101', { maxNotional: d('100') }, { maxNotional: d('101') }],
    ['Quantity of one order: 100 → 101', { maxQuantity: d('100') }, { maxQuantity: d('101') }],
    ['Value of one position: 100 → 101', { maxPosition: d('100') }, { maxPosition: d('101') }],
    ['Value of all working orders: 100 → 101', { maxOpenValue: d('100') }, { maxOpenValue: d('101') }],
    ['Loss in a day: 9 → 10', { maxDailyLoss: d('9') }, { maxDailyLoss: d('10') }],
    ['Distance from the market: 5 % → 5.5 %', { collarPercent: d('5') }, { collarPercent: d('5.5') }],
    ['Orders in a day: 9 → 10', { ordersPerDay: 9 }, { ordersPerDay: 10 }],
    ['Orders in a minute: 9 → 10', { ordersPerMinute: 9 }, { ordersPerMinute: 10 }],
    ['Age of a price: 9 ms → 10 ms', { quoteMaxAgeMs: 9 }, { quoteMaxAgeMs: 10 }],
    ['No longer kept from trading: B', { deny: ['A', 'B'] }, { deny: ['A', 'C'] }],
    ['No longer only these symbols: A, B', { allow: ['A', 'B'] }, { allow: null }],
    ['Allowed to trade now: C', { allow: ['A', 'B'] }, { allow: ['A', 'C'] }],
  ])('is said: %s', (line, before, after) => {
    expect(changed(after, before)).toEqual([line])
    expect(changed(before, before)).toEqual([])
  })

  test('is nothing where it only holds back more', () => {
    const narrower: Partial<OrderLimits> = {
      maxNotional: d('1'),
      maxQuantity: d('1'),
      maxPosition: d('1'),
      maxOpenValue: d('1'),
      maxDailyLoss: d('1'),
      collarPercent: d('0.1'),
      ordersPerDay: 1,
      ordersPerMinute: 1,
      quoteMaxAgeMs: 1,
      deny: ['A'],
      allow: ['B'],
    }
    expect(changed(narrower)).toEqual([])
    expect(changed({ ...narrower, allow: [] }, narrower)).toEqual([])
  })

  test('names ten symbols, each in one line and cut short, and says how many more there are', () => {
    const symbols = (count: number): string[] => Array.from({ length: count }, (_, at) => `S${at}`)
    expect(changed({ deny: [] }, { deny: symbols(10) })).toEqual(['No longer kept from trading: S0, S1, S2, S3, S4, S5, S6, S7, S8, S9'])
    expect(changed({ deny: [] }, { deny: symbols(12) })).toEqual([
      'No longer kept from trading: S0, S1, S2, S3, S4, S5, S6, S7, S8, S9 and 2 more',
    ])
    expect(changed({ deny: [] }, { deny: [`A\n${'B'.repeat(40)}`] })).toEqual([`No longer kept from trading: A ${'B'.repeat(22)}`])
  })
})

describe('a yes', () => {
  const { signal } = new AbortController()
  const answering = (answer: boolean, isLocked = false): ReturnType<typeof createYes> =>
    createYes({ consent: { ask: () => Promise.resolve(answer) }, isLocked: () => isLocked })

  test('is what the person at the screen says', async () => {
    await answering(true).require(REARM_QUESTION, { signal })
    await expect(answering(false).require(REARM_QUESTION, { signal })).rejects.toMatchObject({ code: 'order/not-confirmed' })
  })

  test('is not asked for where the system has no box', async () => {
    const yes = createYes({ consent: undefined, isLocked: () => true })
    await expect(yes.require(REARM_QUESTION, { signal })).resolves.toBeUndefined()
  })

  test('counts for nothing once the app was locked meanwhile, or nobody waits for it any more', async () => {
    await expect(answering(true, true).require(REARM_QUESTION, { signal })).rejects.toMatchObject({ code: 'app/locked' })
    const gone = AbortSignal.abort()
    await expect(answering(true).require(REARM_QUESTION, { signal: gone })).rejects.toMatchObject({ code: 'order/not-confirmed' })
  })

  test('is asked for in the words of the question, with the signal of who asks', async () => {
    const asked: unknown[] = []
    const yes = createYes({
      consent: {
        ask(question, options) {
          asked.push(question, options)
          return Promise.resolve(true)
        },
      },
      isLocked: () => false,
    })
    await yes.require(REARM_QUESTION, { signal })
    expect(asked).toEqual([REARM_QUESTION, { signal }])
  })
})

import { describe, expect, test } from 'vitest'
import {
  changed,
  deskAccount,
  EMPTY_FORM,
  formOf,
  goesOutsideHours,
  offeredActions,
  offeredBy,
  onlyAccount,
  positiveOf,
  symbolOf,
  type TicketForm,
  ticketOf,
  ticketProblems,
} from '../../renderer/lib/ticket.ts'
import { replacement } from '../../renderer/features/orders/replace.ts'
import { decimal } from './examples.ts'
import { desk, deskConnection, orderRow, ticket } from './order-examples.ts'

const rulesOf = (change: Parameters<typeof deskConnection>[0] = {}) => desk({ connections: [deskConnection(change)] }).connections[0]?.rules
const rules = rulesOf()
const full: TicketForm = formOf(ticket())

describe('the ticket', () => {
  test('stands for exactly the order that was typed', () => {
    expect(ticketOf(full, rules)).toEqual(ticket())
    const amount = { ...full, by: 'notional' as const, size: '1,250.50', type: 'market' as const }
    expect(ticketOf(amount, rules)).toMatchObject({ quantity: null, notional: '1250.5' })
  })

  test('gives only the prices its type has', () => {
    const form = { ...full, limitPrice: '180', stopPrice: '175' }
    const prices = (['market', 'limit', 'stop', 'stop-limit'] as const).map(type => {
      const { limitPrice, stopPrice } = ticketOf({ ...form, type }, rules) ?? {}
      return [limitPrice, stopPrice]
    })
    expect(prices).toEqual([
      [null, null],
      ['180', null],
      [null, '175'],
      ['180', '175'],
    ])
  })

  test('says what is missing in the order of its fields, and is no order before', () => {
    expect(Object.keys(ticketProblems(EMPTY_FORM, null))).toEqual(['symbol', 'account', 'action', 'size', 'limitPrice'])
    expect(ticketOf(EMPTY_FORM, null)).toBeUndefined()
    expect(ticketProblems({ ...full, size: '0.5' }, rulesOf({ rules: rules ? { ...rules, fractional: [] } : null }))).toEqual({
      size: 'This broker takes whole numbers of these only.',
    })
  })

  test.each(['', '0', '-1', '1e3', '1.2.3', 'ten', 'NaN', '٣', '０', '0x10', '.', '1'.repeat(41), '1.000,50', '284,5', '0,5', '1,00', '12 34'])('takes %j for no figure', text => {
    expect(positiveOf(text)).toBeUndefined()
  })

  test('reads figures as people type them', () => {
    expect(['10', '1,000', ' 12.50 ', '.5', '7.'].map(positiveOf)).toEqual(['10', '1000', '12.5', '0.5', '7'])
  })

  test('is filled again by the order it stood for', () => {
    const orders = [
      ticket(),
      ticket({ symbol: 'AAPL261218C00250000', assetClass: 'option', action: 'buy-to-open' }),
      ticket({ quantity: null, notional: decimal('500'), type: 'market', limitPrice: null }),
    ]
    for (const order of orders) expect(ticketOf(formOf(order), rules)).toEqual(order)
  })
})

describe('an option', () => {
  const parts = { ...EMPTY_FORM, symbol: 'aapl', assetClass: 'option' as const, expiry: '2026-12-18', strike: '250', right: 'put' as const }

  test('is named by its OCC symbol, padded or not, or by its parts', () => {
    expect(symbolOf(parts)).toBe('AAPL261218P00250000')
    expect(symbolOf({ ...parts, symbol: 'AAPL  261218C00250000' })).toBe('AAPL261218C00250000')
    expect(symbolOf({ ...parts, strike: '' })).toBeUndefined()
  })

  test('is known by its symbol, whose parts fill the form', () => {
    expect(changed(EMPTY_FORM, { symbol: 'AAPL261218C00250000' }, rules)).toMatchObject({
      assetClass: 'option',
      expiry: '2026-12-18',
      strike: '250',
      right: 'call',
    })
    expect(changed(EMPTY_FORM, { symbol: 'BTC/USD' }, rules).assetClass).toBe('crypto')
    expect(changed(EMPTY_FORM, { symbol: 'BRK.B' }, rules).assetClass).toBe('equity')
  })

  const { symbol, assetClass, expiry, strike } = parts
  const option: TicketForm = { ...full, symbol, assetClass, expiry, strike, action: 'buy-to-open' }

  test('asks for the part that is missing, and for another spelling where OCC has none', () => {
    expect(Object.keys(ticketProblems({ ...option, expiry: '' }, rules))).toEqual(['expiry'])
    expect(Object.keys(ticketProblems({ ...option, strike: '123456' }, rules))).toEqual(['symbol'])
  })
})

describe('what the broker does not take', () => {
  test('is not offered', () => {
    const schwab = rulesOf({
      rules: {
        assetClasses: ['equity'],
        types: ['market', 'limit'],
        timesInForce: ['day'],
        fractional: [],
        notional: [],
        preview: true,
        replace: true,
        extendedHours: false,
      },
    })
    expect(offeredBy(schwab, 'equity')).toEqual({
      assets: ['equity'],
      actions: ['buy', 'sell', 'short', 'cover'],
      types: ['market', 'limit'],
      times: ['day'],
      fractional: false,
      notional: false,
      extendedHours: false,
    })
    const form = { ...full, by: 'notional' as const, type: 'stop' as const, timeInForce: 'gtc' as const, extendedHours: true }
    expect(changed(form, {}, schwab)).toMatchObject({ by: 'quantity', type: 'market', timeInForce: 'day', extendedHours: false })
  })

  test('outside regular hours only limit orders go, and none that ends at once or waits for an auction', () => {
    const waiting = { ...full, type: 'limit', timeInForce: 'gtc', extendedHours: true } as const
    expect(goesOutsideHours(waiting, rules)).toBe(true)
    for (const change of [{ timeInForce: 'ioc' }, { timeInForce: 'fok' }, { timeInForce: 'cls' }, { type: 'market' }, { type: 'stop-limit' }] as const) {
      expect(goesOutsideHours({ ...waiting, ...change }, rules)).toBe(false)
      expect(changed(waiting, change, undefined)).toMatchObject({ extendedHours: false })
    }
    expect(changed(waiting, { size: '2' }, rules)).toMatchObject({ extendedHours: true })
  })

  test('says at once that an amount of money goes with a market order alone', () => {
    const amount = { ...full, by: 'notional', size: '500' } as const
    expect(ticketProblems({ ...amount, type: 'limit' }, rules).size).toBe('Only a market order can be for an amount of money.')
    expect(ticketProblems({ ...amount, type: 'market' }, rules).size).toBeUndefined()
  })

  test('of an order that replaces another is the other side: no broker turns one round', () => {
    const sold = { ...EMPTY_FORM, ...replacement(orderRow({ side: 'sell' }), null) }
    expect(offeredActions(sold, rules)).toEqual(['sell', 'short'])
    expect(offeredActions({ ...EMPTY_FORM, ...replacement(orderRow({ symbol: 'AAPL261218C00250000' }), null) }, rules)).toEqual(['buy-to-open', 'buy-to-close'])
    expect(offeredActions(EMPTY_FORM, rules)).toEqual(['buy', 'sell', 'short', 'cover'])
  })

  test('never offers a trailing stop: the ticket has no field for its distance', () => {
    expect(offeredBy(null, 'equity').types).not.toContain('trailing-stop')
  })

  test('takes back an action another kind does not have', () => {
    expect(changed({ ...full, action: 'short' }, { assetClass: 'crypto' }, rules).action).toBe('')
    expect(changed({ ...full, action: 'sell' }, { assetClass: 'crypto' }, rules).action).toBe('sell')
  })
})

describe('the account', () => {
  test('is chosen by itself only when it is the only one that may trade', () => {
    const off = deskConnection({
      connectionId: 'con_2',
      isOn: false,
      accounts: [{ accountId: 'acc_2', name: 'IRA', maskedNumber: '••••1', currency: 'USD', isArmed: false }],
    })
    expect(onlyAccount(desk({ connections: [deskConnection(), off] }))).toBe('acc_1')
    expect(onlyAccount(desk({ connections: [deskConnection(), { ...off, isOn: true }] }))).toBe('')
    expect(onlyAccount(undefined)).toBe('')
    expect(deskAccount(desk(), 'acc_1')?.connection.environment).toBe('sandbox')
  })
})

describe('an order in the place of another', () => {
  test('is what it was, and names the one it replaces', () => {
    expect(ticketOf({ ...EMPTY_FORM, ...replacement(orderRow(), ticket()) }, rules)).toEqual(ticket({ replaces: 'o1' }))
  })

  test.each([
    ['GOOD_TILL_CANCEL', 'gtc'],
    ['GOOD_UNTIL_CANCEL', 'gtc'],
    ['GTC', 'gtc'],
    ['GTC Ext', 'gtc'],
    ['IMMEDIATE_OR_CANCEL', 'ioc'],
    ['GOOD_FOR_DAY', 'day'],
    ['DAY', 'day'],
  ] as const)('is valid as long as one its broker calls %s', (timeInForce, expected) => {
    expect(replacement(orderRow({ timeInForce }), null)?.timeInForce).toBe(expected)
    // What was sent from here is known without the broker's word for it.
    expect(replacement(orderRow({ timeInForce }), ticket({ timeInForce: 'gtc' }))?.timeInForce).toBe('gtc')
  })

  test.each([
    ['STOP_LIMIT', 'stop-limit'],
    ['Stop Limit', 'stop-limit'],
    ['STP LMT', 'stop-limit'],
    ['stop', 'stop'],
    ['STP', 'stop'],
    ['LMT', 'limit'],
    ['MKT', 'market'],
    ['MARKET', 'market'],
  ] as const)('is of the type its broker calls %s', (type, expected) => {
    expect(replacement(orderRow({ type }), null)?.type).toBe(expected)
  })

  test('works outside the session where its broker says so', () => {
    expect(replacement(orderRow({ timeInForce: 'GTC Ext' }), null)).toMatchObject({ timeInForce: 'gtc', extendedHours: true })
    expect(replacement(orderRow({ timeInForce: 'Ext' }), null)).toMatchObject({ timeInForce: 'day', extendedHours: true })
  })

  test.each([
    { type: 'MARKET_ON_CLOSE' },
    { type: 'LIMIT_ON_CLOSE' },
    { type: 'Marketable Limit' },
    { type: 'TRAIL' },
    { timeInForce: 'GTD' },
    { timeInForce: 'END_OF_WEEK' },
    { timeInForce: 'GTC Ext Overnight' },
  ])('is none where a change would make another kind of it: %j', told => {
    expect(replacement(orderRow(told), null)).toBeNull()
  })

  test('asks whether it opens or closes where nobody said', () => {
    const form = { ...EMPTY_FORM, ...replacement(orderRow({ symbol: 'AAPL261218C00250000' }), null) }
    expect(form).toMatchObject({ assetClass: 'option', action: '' })
    expect(ticketProblems(form, rules)).toHaveProperty('action')
  })
})

import { describe, expect, test } from 'vitest'
import { lossStops } from '../../../electron/core/orders/loss-of-all.ts'
import { getAccount } from '../../../electron/core/store/accounts.ts'
import { replaceBalances } from '../../../electron/core/store/balances.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import { saveWorth } from '../../../electron/core/store/worth-days.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { tempDatabase } from '../../support/data-folder.ts'
import { withAccounts } from '../store/support.ts'
import { limitDraft } from './support/order-books.ts'
import { insertIntent } from '../../../electron/core/store/order-intents.ts'
import { connection } from '../store/support.ts'

const NOW = Instant.parse('2026-11-23T15:00:00Z')
const FRIDAY = Instant.parse('2026-11-20T21:00:00Z')

interface Read {
  readonly worth: string
  readonly currency?: string
  readonly at?: Instant
  readonly rates?: Readonly<Record<string, string>>
}

/** Two accounts that were worth 10,000 each on Friday, the second as last read today. */
function house(second: Read | null, { isOn = true } = {}) {
  const db = tempDatabase()
  const [own = '' as AccountId, other = '' as AccountId] = withAccounts(db, { con_a: ['111'], con_b: ['222'] })
  const currency = second?.currency ?? 'USD'
  db.writer.run(sql`UPDATE accounts SET currency = ${currency} WHERE id = ${other}`)
  saveWorth(db.writer, other, [{ currency, netLiquidation: Dec.of('10000'), cash: null, asOf: FRIDAY }])
  if (second) {
    const at = second.at ?? NOW
    const rates = Object.entries(second.rates ?? {}).map(([name, rate]) => balance(name, null, at, rate))
    replaceBalances(db.writer, other, [balance(currency, second.worth, at), ...rates], at)
  }
  const account = getAccount(db.reader, own)
  if (!account) throw new Error('no account')
  const stops = (loss: string | null, balances: readonly ReturnType<typeof balance>[] = []) =>
    lossStops(
      { reader: db.reader, switches: { isOn: ({ id }) => id === connection('con_a').id || isOn } },
      { account, environment: connection('con_a').environment, loss: loss === null ? null : Dec.of(loss), balances },
      NOW,
    ).map(({ code, details }) => ({ code, details }))
  return { db, own, other, stops }
}

function balance(currency: string, worth: string | null, asOf: Instant, toBase?: string) {
  return {
    currency,
    netLiquidation: worth === null ? null : Dec.of(worth),
    cash: null,
    buyingPower: null,
    asOf,
    ...(toBase === undefined ? {} : { toBase: Dec.of(toBase) }),
  }
}

describe('the limit for a day of all accounts', () => {
  test('is for what they lost together: two halves are the whole', () => {
    const { stops } = house({ worth: '9500' })
    expect(stops('499.99')).toEqual([])
    expect(stops('500')).toEqual([{ code: 'order/stopped-daily-loss-all', details: { value: '1000 USD', most: '1000' } }])
  })

  test('is not given back by what another account gained', () => {
    expect(house({ worth: '20000' }).stops('999')).toEqual([])
    expect(house({ worth: '20000' }).stops('999.99')).toEqual([])
    expect(house({ worth: '9999.99' }).stops('999.99')).toMatchObject([{ code: 'order/stopped-daily-loss-all' }])
  })

  test('says nothing twice that the account alone says', () => {
    expect(house({ worth: '1' }).stops('1000')).toEqual([])
    expect(house({ worth: '1' }).stops(null)).toEqual([])
  })

  test('is not known while an account was not read today', () => {
    for (const second of [null, { worth: '10000', at: FRIDAY }])
      expect(house(second).stops('0')).toMatchObject([{ code: 'order/stopped-loss-unknown-all' }])
  })

  test('leaves out an account where trading is off, unless it ordered today', () => {
    const { db, other, stops } = house({ worth: '1' }, { isOn: false })
    expect(stops('0')).toEqual([])
    insertIntent(db.writer, {
      id: 'int_1',
      accountId: other,
      connectionId: connection('con_b').id,
      environment: connection('con_b').environment,
      kind: 'place',
      clientOrderId: '1',
      draft: limitDraft({ clientOrderId: '1' }),
      ticket: null,
      hash: '',
      target: null,
      createdAt: NOW,
      sentAt: NOW,
    })
    expect(stops('0')).toMatchObject([{ code: 'order/stopped-daily-loss-all' }])
  })

  test('converts by a rate a broker states, one way or the other, and by no other', () => {
    const lost = { worth: '9500', currency: 'EUR' }
    expect(house(lost).stops('0')).toMatchObject([{ code: 'order/stopped-loss-currency', details: { currency: 'EUR', other: 'USD' } }])
    expect(house(lost).stops('450', [balance('EUR', null, NOW, '1.1')])).toMatchObject([{ details: { value: '1000 USD' } }])
    expect(house(lost).stops('449', [balance('EUR', null, NOW, '1.1')])).toEqual([])
    expect(house({ ...lost, rates: { USD: '0.8' } }).stops('375')).toMatchObject([{ details: { value: '1000 USD' } }])
    expect(house({ ...lost, rates: { USD: '0', GBP: '2' } }).stops('375')).toMatchObject([{ code: 'order/stopped-loss-currency' }])
    // Nothing lost is nothing in any currency.
    expect(house({ worth: '10000', currency: 'EUR' }).stops('0')).toEqual([])
  })
})

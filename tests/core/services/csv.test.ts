import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvText } from '../../../electron/core/services/csv.ts'
import type { Activity } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate, Instant } from '../../../shared/domain/time.ts'
import { testCore } from '../../support/test-core.ts'

const at = Instant.parse('2026-11-20T20:59:58Z')

function activity(change: Partial<Activity>): Activity {
  return {
    id: 'act_1' as Activity['id'], connectionId: 'con_1' as Activity['connectionId'], accountId: 'acc_1' as Activity['accountId'], externalId: 'x1', kind: 'trade',
    brokerType: 'FILL', symbol: 'NVDA', assetClass: 'equity', side: 'sell', positionEffect: null, quantity: Dec.of('40'), price: Dec.of('188.421'),
    amount: Dec.of('-7536.84'), fees: Dec.zero, currency: 'USD', executedAt: at, tradeDate: LocalDate.of('2026-11-20'), orderId: null, description: null,
    status: 'final', asOf: at, fetchedAt: at, ...change,
  }
}

const homeOf = () => ({ broker: 'schwab', environment: 'live', accountName: '=Mine', accountNumber: '••••4417' })

/** A small RFC 4180 reader of its own, so that writer and reader cannot share a mistake. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] ?? ''
    if (quoted) {
      if (char === '"' && text[i + 1] === '"') cell += text[(i += 1)]
      else if (char === '"') quoted = false
      else cell += char
    } else if (char === '"') quoted = true
    else if (char === ',' || (char === '\r' && text[i + 1] === '\n')) {
      rows.at(-1)?.push(cell)
      cell = ''
      if (char === '\r') {
        i += 1
        rows.push([])
      }
    } else cell += char
  }
  rows.pop()
  return rows
}

test('an export has a header once, exact decimals and nothing rounded', () => {
  const [header, row] = readCsv(csvText([activity({})], { header: true, homeOf }))
  expect(header?.slice(0, 9)).toEqual(['tradeDate', 'executedAt', 'kind', 'symbol', 'side', 'quantity', 'price', 'amount', 'fees'])
  expect(row?.slice(0, 9)).toEqual(['2026-11-20', '2026-11-20T20:59:58.000Z', 'trade', 'NVDA', 'sell', '40', '188.421', '-7536.84', '0'])
  expect(csvText([activity({})], { header: false, homeOf }).split('\r\n')).toHaveLength(2)
})

test('an export says whose account a row is of, behind the columns there have always been', () => {
  const [header, row] = readCsv(csvText([activity({ positionEffect: 'close' })], { header: true, homeOf }))
  expect(header?.slice(0, 18).join(',')).toBe(
    'tradeDate,executedAt,kind,symbol,side,quantity,price,amount,fees,currency,accountId,connectionId,orderId,externalId,description,status,asOf,fetchedAt',
  )
  expect(header?.slice(18)).toEqual(['positionEffect', 'assetClass', 'broker', 'environment', 'accountName', 'accountNumber'])
  expect(row?.slice(18)).toEqual(['close', 'equity', 'schwab', 'live', "'=Mine", '••••4417'])
  const [, lost] = readCsv(csvText([activity({})], { header: true, homeOf: () => null }))
  expect(lost?.slice(18)).toEqual(['', 'equity', '', '', '', ''])
})

test('an export of a disconnected broker still names the account', async () => {
  await using app = await testCore({ impatient: true, activities: 60 })
  const connectionId = await app.connect('alpaca')
  await app.call('sync.run', { connectionId })
  await app.call('connections.disconnect', { connectionId })
  const [header, row] = readCsv((await app.call('activities.csv', {})).text)
  const cell = (name: string) => row?.[header?.indexOf(name) ?? -1]
  expect([cell('broker'), cell('environment')]).toEqual(['alpaca', 'sandbox'])
  expect(cell('accountName')).not.toBe('')
  expect(cell('accountNumber')).toMatch(/^[^0-9]*[0-9A-Z]{2,4}$/)
})

test('any text comes back from the export as it went in, except that formulas are disarmed', () => {
  fc.assert(fc.property(fc.string(), description => {
    const [, row] = readCsv(csvText([activity({ description })], { header: true, homeOf }))
    const shown = row?.[14]
    expect(shown).toBe(/^[=+\-@\t\r]/.test(description) ? `'${description}` : description)
  }))
})

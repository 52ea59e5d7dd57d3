import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { completedOrder, NO_MARGINS, openOrder, orderStatus } from '../../../../electron/core/sandbox/ibkr/tws/order-messages.ts'
import { commissionReport, execDetails } from '../../../../electron/core/sandbox/ibkr/tws/messages.ts'
import type { IbkrExecution } from '../../../../electron/core/sandbox/ibkr/executions.ts'
import type { IbkrOrder } from '../../../../electron/core/sandbox/ibkr/order.ts'
import { IBKR_IDENTITIES } from '../../../../electron/core/sandbox/ibkr/customers.ts'
import { shareOf } from '../../../../electron/core/sandbox/instrument.ts'
import { LISTINGS } from '../../../../electron/core/sandbox/market.ts'
import { PAYLOADS } from '../shape.ts'

const FILE = path.join(PAYLOADS, 'ibkr/tws-wire/derived-sv193.txt')
const NUMBERS = { permId: 600_745_656, webId: 1, clientId: 100, orderId: 5, orderRef: '', type: 'MKT', submittedAt: 0 }
const TICKET = {
  instrument: shareOf(LISTINGS[0]),
  side: 'buy',
  qty: Dec.of('100'),
  type: 'MKT',
  limit: null,
  stop: null,
  trail: null,
  tif: 'DAY',
  orderRef: '',
  outsideRth: false,
} as const

/** Messages of the capture that begin with a number. */
function captured(kind: string): string[][] {
  return readFileSync(FILE, 'utf8')
    .split('\n')
    .filter(line => line.startsWith(`< ${kind}|`))
    .map(line => line.slice(2).split('|').slice(0, -1))
}

const texts = (fields: readonly (string | number)[]) => fields.map(String)

describe.skipIf(!existsSync(FILE))('the messages of a market order', () => {
  const [identity] = IBKR_IDENTITIES
  if (!identity) throw new Error('no identity')
  const filled: IbkrOrder = {
    identity,
    numbers: NUMBERS,
    ticket: TICKET,
    status: 'Filled',
    filled: Dec.of('100'),
    average: Dec.of('201.94'),
    last: Dec.of('201.94'),
    closedAt: Date.parse('2023-03-06T17:28:30Z'),
    booked: null,
  }
  const placed: IbkrOrder = { ...filled, status: 'PreSubmitted', filled: Dec.zero, average: Dec.zero, last: Dec.zero }
  const view = { account: 'DU1234567', permId: NUMBERS.permId, orderId: 5, version: 193 }

  test('are field by field those that were captured', () => {
    const state = { whatIf: false, margins: NO_MARGINS, commission: null, warning: '' }
    const [first, second] = captured('5')
    expect(texts(openOrder(placed, view, { ...state, status: 'PreSubmitted' }))).toEqual(first)
    expect(texts(openOrder(filled, view, { ...state, status: 'Filled' }))).toEqual(second)
    expect([texts(orderStatus(placed, view)), texts(orderStatus(filled, view))]).toEqual(captured('3'))
  })

  test('tell a finished order in the captured order of fields', () => {
    const [capture = []] = captured('101')
    const own = texts(completedOrder({ ...filled, numbers: { ...NUMBERS, permId: 1_824_933_227 } }, { ...view, permId: 1_824_933_227 }))
    const clockless = (fields: readonly string[]) => fields.filter((_, index) => index !== 93)
    expect(clockless(own)).toEqual(clockless(capture))
    expect(own[93]).toBe('20230306 12:28:30 US/Eastern')
  })

  test('tell an execution and its cost in the captured order of fields', () => {
    const execution: IbkrExecution = {
      execId: '0000e0d5.67fe667b.01.01',
      identity,
      at: Date.parse('2025-04-15T23:38:31Z'),
      instrument: TICKET.instrument,
      side: 'buy',
      effect: 'open',
      qty: TICKET.qty,
      price: Dec.of('201.94'),
      commission: Dec.of('1'),
      net: Dec.of('-20195'),
      cumulative: TICKET.qty,
      average: Dec.of('201.94'),
      exchange: 'IEX',
      order: NUMBERS,
      tradeId: '1',
      transactionId: '1',
      entry: null,
      revision: 1,
    }
    const numeric = (fields: readonly string[] = []) => fields.map(field => (/^\d+\.\d+$/.test(field) ? String(Number(field)) : field))
    const own = execDetails(execution, { ...view, reqId: -1, bare: true })
    expect(numeric(texts(own))).toEqual(numeric(captured('11')[0]))
    expect(numeric(texts(commissionReport(execution, null)))).toEqual(numeric(captured('59')[0]))
  })
})

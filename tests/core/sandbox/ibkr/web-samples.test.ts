import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { PAYLOADS, addValue, readPayload, strangers } from '../shape.ts'
import { gatewayCall, jsonOf, openIbkr, row, rows, text } from './web-client.ts'
import type { Call, Json } from './web-client.ts'

const ACCOUNT = 'DU7654321'
const FOLDER = path.join(PAYLOADS, 'ibkr/webapi')
const LIMIT = { conid: 756733, orderType: 'LMT', side: 'BUY', price: 1.5, tif: 'GTC', quantity: 1 }

/** What a captured answer's body is, with our account in the place of its own. */
function sample(name: string): Json {
  const payload = row(readPayload(`ibkr/webapi/${name}.json`))
  return jsonOf(JSON.stringify(row(payload['Response'] ?? null)['Body']).replaceAll('U1234567', ACCOUNT))
}

/** Where a captured answer has a field ours has not, or of another type. */
function missing(ours: Json, name: string): string[] {
  return strangers(addValue(new Map(), ours), sample(name)).filter(line => !/^\$\.(?:allowFeatures|chartPeriods)/.test(line))
}

async function place(call: Call): Promise<string> {
  const [placed] = rows((await call('POST', `/iserver/account/${ACCOUNT}/orders`, { orders: [LIMIT] })).body)
  return text(placed?.['order_id'])
}

describe.skipIf(!existsSync(FOLDER))('every field of a captured answer is in ours', () => {
  test.each([
    ['GET', '/iserver/auth/status', 'GET-auth-status'],
    ['POST', '/iserver/auth/ssodh/init', 'POST-ssodh-init'],
    ['POST', '/tickle', 'POST-tickle'],
    ['GET', '/iserver/accounts', 'GET-iserver-accounts'],
    ['GET', '/portfolio/accounts', 'GET-portfolio-accounts'],
    ['GET', `/portfolio/${ACCOUNT}/ledger`, 'GET-portfolio-ledger'],
    ['GET', `/portfolio/${ACCOUNT}/summary`, 'GET-portfolio-summary'],
    ['GET', `/portfolio/${ACCOUNT}/positions/0`, 'GET-portfolio-positions-page0'],
    ['GET', `/portfolio2/${ACCOUNT}/positions`, 'GET-portfolio2-positions'],
    ['GET', `/iserver/account/${ACCOUNT}/summary`, 'GET-account-summary'],
    ['GET', '/iserver/account/trades?days=7', 'GET-trades'],
  ])('%s %s', async (method, address, name) => {
    await using sandbox = await openIbkr()
    const call = gatewayCall(sandbox)
    await call('GET', '/iserver/accounts')
    await call('GET', '/portfolio/accounts')
    expect(missing((await call(method, address)).body, name)).toEqual([])
  })

  test('of orders, their states and their previews', async () => {
    await using sandbox = await openIbkr()
    const call = gatewayCall(sandbox)
    await call('GET', '/iserver/accounts')
    const orders = `/iserver/account/${ACCOUNT}/orders`
    expect(missing((await call('POST', orders, { orders: [{ ...LIMIT, orderType: 'MKT' }] })).body, 'POST-place-order-submitted')).toEqual(
      [],
    )
    const id = await place(call)
    await call('GET', '/iserver/account/orders')
    expect(missing((await call('GET', '/iserver/account/orders')).body, 'GET-live-orders')).toEqual([])
    expect(missing((await call('GET', `/iserver/account/order/status/${id}`)).body, 'GET-order-status')).toEqual([])
    const changed = await call('POST', `/iserver/account/${ACCOUNT}/order/${id}`, { ...LIMIT, price: 2 })
    expect(missing(changed.body, 'POST-modify-order-submitted')).toEqual([])
    expect(missing((await call('POST', `${orders}/whatif`, { orders: [LIMIT] })).body, 'POST-whatif-order')).toEqual([])
    expect(missing((await call('DELETE', `/iserver/account/${ACCOUNT}/order/${id}`)).body, 'DELETE-cancel-order')).toEqual([])
    sandbox.control('ibkr-gateway').knobs.set('questions', '1')
    const question = (await call('POST', orders, { orders: [LIMIT] })).body
    expect(missing(question, 'POST-place-order-confirmation')).toEqual([])
    const reply = await call('POST', `/iserver/reply/${text(rows(question)[0]?.['id'])}`, { confirmed: true })
    expect(missing(reply.body, 'POST-reply-submitted')).toEqual([])
    const ask = { acctIds: [ACCOUNT], conids: [756733], currency: 'USD', days: 1 }
    expect(missing((await call('POST', '/pa/transactions', ask)).body, 'POST-pa-transactions')).toEqual([])
  })
})

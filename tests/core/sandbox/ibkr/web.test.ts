import { expect, test } from 'vitest'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { fetchReport, statementsOf } from './flex-client.ts'
import { AAPL, openWire, order } from './tws-client.ts'
import {
  REDIRECT,
  VERIFIER,
  authorizeQuery,
  consent,
  gatewayCall,
  jsonOf,
  oauthCall,
  openIbkr,
  row,
  rows,
  text,
  tokenCall,
} from './web-client.ts'
import type { Call, Row } from './web-client.ts'

const ACCOUNT = 'DU7654321'
const AAPL_LIMIT = { conid: 265598, orderType: 'LMT', side: 'BUY', price: 100.5, tif: 'GTC', quantity: 4, cOID: 'tc-9' }

/** The calls that must come before all others. */
async function begin(call: Call): Promise<void> {
  await call('GET', '/iserver/accounts')
  await call('GET', '/portfolio/accounts')
}

test('the gateway tells its session, its accounts, and what they hold', async () => {
  await using sandbox = await openIbkr()
  const call = gatewayCall(sandbox)
  expect(row((await call('GET', '/sso/validate')).body)['RESULT']).toBe(true)
  expect(row((await call('POST', '/iserver/auth/status')).body)).toMatchObject({ authenticated: true, competing: false })
  expect((await call('GET', `/portfolio/${ACCOUNT}/ledger`)).status).toBe(400)
  expect((await call('GET', '/iserver/account/trades')).status).toBe(500)
  expect(row((await call('GET', '/iserver/accounts')).body)['accounts']).toEqual([ACCOUNT, 'DU7654322'])
  expect(rows((await call('GET', '/portfolio/accounts')).body).map(item => item['id'])).toEqual([ACCOUNT, 'DU7654322'])
  const ledger = row(row((await call('GET', `/portfolio/${ACCOUNT}/ledger`)).body)['BASE'] ?? null)
  const held = rows((await call('GET', `/portfolio/${ACCOUNT}/positions/0`)).body)
  const value = Dec.sum(held.map(item => Dec.of(text(item['mktValue']))))
  expect(Dec.add(value, Dec.of(text(ledger['cashbalance'])))).toBe(text(ledger['netliquidationvalue']))
  const now = rows((await call('GET', `/portfolio2/${ACCOUNT}/positions`)).body)
  expect(now.map(item => Number(item['conid']))).toEqual(held.map(item => item['conid']))
})

test('positions come in pages until an empty one', async () => {
  await using sandbox = await openIbkr()
  const call = gatewayCall(sandbox)
  await begin(call)
  const whole = rows((await call('GET', `/portfolio/${ACCOUNT}/positions/0`)).body)
  sandbox.control('ibkr-gateway').knobs.set('page-size', '2')
  const paged: Row[] = []
  for (let page = 0; ; page += 1) {
    const next = rows((await call('GET', `/portfolio/${ACCOUNT}/positions/${page}`)).body)
    if (next.length === 0) break
    expect(next.length).toBeLessThanOrEqual(2)
    paged.push(...next)
  }
  expect(paged).toEqual(whole)
})

test('TWS, Flex and the web API name the same executions by the same ids', async () => {
  await using sandbox = await openIbkr()
  const placed = sandbox.control('ibkr-gateway').addFill()
  const call = gatewayCall(sandbox)
  await begin(call)
  const web = rows((await call('GET', '/iserver/account/trades?days=7')).body).map(item => text(item['execution_id']))
  using wire = openWire(sandbox.urls['ibkr-tws'])
  await wire.until('nextValidId')
  wire.ib.reqExecutions(1, {})
  await wire.until('execDetailsEnd')
  const tws = wire.all('execDetails').map(([, , execution]) => String(Reflect.get(Object(execution), 'execId')))
  expect(web.toSorted()).toEqual(tws.toSorted())
  expect(web).toContain(placed)
  expect(web.length).toBeGreaterThan(2)
  const flex = statementsOf(await fetchReport(sandbox.urls['ibkr-flex'])).flatMap(item =>
    item.rows('Trade').map(trade => trade['ibExecID']),
  )
  const confirms = statementsOf(await fetchReport(sandbox.urls['ibkr-flex'], { q: '654322', fd: '20261114', td: '20261120' }))
  expect(confirms.flatMap(item => item.rows('TradeConfirm').map(trade => trade['execID'] ?? '')).toSorted()).toEqual(tws.toSorted())
  expect(tws.filter(id => !flex.includes(id))).toContain(placed)
  expect(tws.filter(id => flex.includes(id)).length).toBeGreaterThan(1)
})

test('an order placed at the gateway rests, is changed, seen in TWS, and cancelled', async () => {
  await using sandbox = await openIbkr()
  const call = gatewayCall(sandbox)
  await begin(call)
  const [placed] = rows((await call('POST', `/iserver/account/${ACCOUNT}/orders`, { orders: [AAPL_LIMIT] })).body)
  const id = text(placed?.['order_id'])
  expect(placed).toMatchObject({ order_status: 'Submitted' })
  expect(row((await call('GET', '/iserver/account/orders?force=true')).body)['orders']).toEqual([])
  const [listed] = rows(row((await call('GET', '/iserver/account/orders')).body)['orders'] ?? [])
  const inUtc = new Date(Number(listed?.['lastExecutionTime_r'])).toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')
  expect(listed?.['lastExecutionTime']).toBe(inUtc)
  expect(listed).toMatchObject({ orderId: Number(id), status: 'Submitted', price: '100.5', order_ref: 'tc-9' })
  await call('POST', `/iserver/account/${ACCOUNT}/order/${id}`, { ...AAPL_LIMIT, price: 101 })
  expect(row((await call('GET', `/iserver/account/order/status/${id}`)).body)).toMatchObject({
    limit_price: '101',
    order_status: 'Submitted',
  })
  using wire = openWire(sandbox.urls['ibkr-tws'])
  await wire.until('nextValidId')
  wire.ib.reqAllOpenOrders()
  const [, contract, open] = await wire.until('openOrder')
  expect([Reflect.get(Object(contract), 'symbol'), Reflect.get(Object(open), 'lmtPrice')]).toEqual(['AAPL', 101])
  expect(row((await call('DELETE', `/iserver/account/${ACCOUNT}/order/${id}`)).body)['msg']).toBe('Request was submitted')
  expect(row((await call('DELETE', `/iserver/account/${ACCOUNT}/order/${id}`)).body)['error']).toContain('cannot be cancelled')
})

test('an order is asked about, and taken once the question is confirmed', async () => {
  await using sandbox = await openIbkr()
  const call = gatewayCall(sandbox)
  await begin(call)
  sandbox.control('ibkr-gateway').knobs.set('questions', '2')
  let [answer] = rows((await call('POST', `/iserver/account/${ACCOUNT}/orders`, { orders: [AAPL_LIMIT] })).body)
  for (let question = 0; question < 2; question += 1) {
    expect(answer).toMatchObject({ messageIds: ['o354'], isSuppressed: false })
    ;[answer] = rows((await call('POST', `/iserver/reply/${text(answer?.['id'])}`, { confirmed: true })).body)
  }
  expect(answer).toMatchObject({ order_status: 'Submitted' })
  const second = await call('POST', `/iserver/account/${ACCOUNT}/orders`, { orders: [AAPL_LIMIT] })
  expect(row(second.body)['error']).toContain('already registered')
})

test('refused orders come with status 200 and an error, a preview with margins', async () => {
  await using sandbox = await openIbkr()
  const call = gatewayCall(sandbox)
  await begin(call)
  const place = (change: Row) => call('POST', `/iserver/account/${ACCOUNT}/orders`, { orders: [{ ...AAPL_LIMIT, ...change }] })
  sandbox.control('ibkr-gateway').knobs.set('reject-orders', 'yes')
  const refused = [await place({}), await place({ conid: 1 }), await place({ price: 1.005 }), await place({ quantity: 0 })]
  expect(refused.map(({ status, body }) => [status, typeof row(body)['error']])).toEqual(Array.from({ length: 4 }, () => [200, 'string']))
  const preview = row((await call('POST', `/iserver/account/${ACCOUNT}/orders/whatif`, { orders: [AAPL_LIMIT] })).body)
  expect(preview['amount']).toEqual({ amount: '402 USD (4 Shares)', commission: '1 USD', total: '403 USD' })
})

test('a market order fills at once and moves cash and position by its price and commission', async () => {
  await using sandbox = await openIbkr()
  const call = gatewayCall(sandbox)
  await begin(call)
  const cash = async () => Number(row(row((await call('GET', `/portfolio/${ACCOUNT}/ledger`)).body)['USD'] ?? null)['cashbalance'])
  const before = await cash()
  await call('POST', `/iserver/account/${ACCOUNT}/orders`, { orders: [{ ...AAPL_LIMIT, orderType: 'MKT' }] })
  const [trade] = rows((await call('GET', '/iserver/account/trades')).body)
  expect(trade).toMatchObject({ order_ref: 'tc-9', side: 'BOT', size: 4, commission: '1' })
  expect(await cash()).toBeCloseTo(before - 4 * Number(trade?.['price']) - 1, 6)
})

test('quotes are empty the first time and told the second', async () => {
  await using sandbox = await openIbkr()
  const call = gatewayCall(sandbox)
  await begin(call)
  const ask = async () => rows((await call('GET', '/iserver/marketdata/snapshot?conids=265598&fields=31,84,86,55')).body)[0]
  expect(Object.keys((await ask()) ?? {})).toEqual(['conid', 'conidEx'])
  const quote = await ask()
  expect(quote?.['55']).toBe('AAPL')
  expect(Number(quote?.['86']) - Number(quote?.['84'])).toBeCloseTo(0.02, 6)
})

test('a session that is not there, idle, or in competition says so', async () => {
  await using sandbox = await openIbkr()
  const call = gatewayCall(sandbox)
  const { knobs } = sandbox.control('ibkr-gateway')
  knobs.set('session', 'logged-out')
  expect((await call('GET', '/sso/validate')).status).toBe(401)
  knobs.set('session', 'competing')
  expect(row((await call('POST', '/iserver/auth/status')).body)).toMatchObject({ authenticated: false, competing: true })
  expect(row((await call('POST', '/iserver/auth/ssodh/init', { publish: true, compete: false })).body)).toMatchObject({ competing: true })
  expect((await call('GET', '/iserver/accounts')).body).toEqual({ error: 'Bad Request: no bridge', statusCode: 400 })
  expect(row((await call('POST', '/iserver/auth/ssodh/init', { publish: true, compete: true })).body)).toMatchObject({
    authenticated: true,
  })
  knobs.set('session', 'idle')
  await call('POST', '/iserver/auth/ssodh/init', { publish: true, compete: true })
  expect((await call('GET', '/iserver/accounts')).status).toBe(200)
  knobs.set('limits', 'yes')
  expect([(await call('POST', '/tickle')).status, (await call('POST', '/tickle')).status]).toEqual([200, 429])
})

test('OAuth gives a code only with a challenge, and a token of a day only for its verifier', async () => {
  await using sandbox = await openIbkr()
  const origin = sandbox.urls['ibkr-oauth']
  const { clientId, clientSecret } = sandbox.control('ibkr-oauth')
  const metadata = row(jsonOf(await (await fetch(`${origin}/.well-known/oauth-authorization-server/v1/api`)).text()))
  expect(metadata).toMatchObject({ issuer: `${origin}/v1/api`, code_challenge_methods_supported: ['S256'] })
  const bare = await consent(origin, authorizeQuery(clientId, { code_challenge: null, code_challenge_method: null }))
  expect(bare.searchParams.get('error')).toBe('invalid_request')
  const plain = await consent(origin, authorizeQuery(clientId, { code_challenge_method: 'plain' }))
  expect(plain.searchParams.get('error')).toBe('invalid_request')
  const codeOf = async () => (await consent(origin, authorizeQuery(clientId))).searchParams.get('code') ?? ''
  const form = { grant_type: 'authorization_code', redirect_uri: REDIRECT, client_id: clientId, client_secret: clientSecret }
  const wrong = await tokenCall(origin, { ...form, code: await codeOf(), code_verifier: `${VERIFIER}x` })
  expect([wrong.status, row(wrong.body)['error']]).toEqual([400, 'invalid_grant'])
  const token = row((await tokenCall(origin, { ...form, code: await codeOf(), code_verifier: VERIFIER })).body)
  expect(token).toMatchObject({ expires_in: 86400, token_type: 'Bearer', scope: 'trades positions account market_data' })
  const renewal = {
    grant_type: 'refresh_token',
    refresh_token: text(token['refresh_token']),
    client_id: clientId,
    client_secret: clientSecret,
  }
  const renewed = row((await tokenCall(origin, renewal)).body)
  expect(renewed['refresh_token']).toBeUndefined()
  const call = oauthCall(origin, text(renewed['access_token']))
  await begin(call)
  expect(rows((await call('GET', '/iserver/account/trades?days=7')).body).length).toBeGreaterThan(1)
  expect((await oauthCall(origin, 'x')('GET', '/iserver/accounts')).status).toBe(401)
})

test('a token without a scope is refused what the scope opens', async () => {
  await using sandbox = await openIbkr()
  const origin = sandbox.urls['ibkr-oauth']
  const { clientId } = sandbox.control('ibkr-oauth')
  const back = await consent(origin, authorizeQuery(clientId, { scope: 'positions' }))
  const form = { grant_type: 'authorization_code', redirect_uri: REDIRECT, client_id: clientId, code_verifier: VERIFIER }
  const token = row((await tokenCall(origin, { ...form, code: back.searchParams.get('code') ?? '' })).body)
  const call = oauthCall(origin, text(token['access_token']))
  await begin(call)
  const statuses = await Promise.all(
    [`/portfolio/${ACCOUNT}/positions/0`, `/portfolio/${ACCOUNT}/ledger`, '/iserver/account/trades', '/trsrv/stocks?symbols=AAPL'].map(
      async path => (await call('GET', path)).status,
    ),
  )
  expect(statuses).toEqual([200, 403, 403, 403])
})

test('an order placed through TWS is seen at the gateway with its own number and tag', async () => {
  await using sandbox = await openIbkr()
  using wire = openWire(sandbox.urls['ibkr-tws'])
  await wire.until('nextValidId')
  wire.ib.placeOrder(1, AAPL, order({ orderType: 'LMT', lmtPrice: 90.5, orderRef: 'tc-tws' }))
  await wire.until('orderStatus')
  const call = gatewayCall(sandbox)
  await begin(call)
  await call('GET', '/iserver/account/orders')
  const listed = rows(row((await call('GET', '/iserver/account/orders')).body)['orders'] ?? [])
  expect(listed[0]).toMatchObject({ ticker: 'AAPL', order_ref: 'tc-tws', status: 'Submitted', acct: ACCOUNT })
})

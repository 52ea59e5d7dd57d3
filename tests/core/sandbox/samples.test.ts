import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  SCHWAB_TYPES,
  allActivities,
  allTransactions,
  askToken,
  codeFrom,
  exchange,
  hashesOf,
  openBench,
  rowOf,
  rowsOf,
  signedIn,
  text,
} from './client.ts'
import type { Get, Json, Row } from './client.ts'
import { PAYLOADS, addSchema, addValue, readPayload, readSchemas, strangers } from './shape.ts'
import type { Shape } from './shape.ts'

function shapeOf(...files: string[]): Shape {
  const shape: Shape = new Map()
  for (const file of files) {
    const value = readPayload(file)
    // Examples of an OpenAPI file come under their names.
    const values = typeof value === 'object' && value !== null && 'example-1' in value ? Object.values(value) : [value]
    for (const item of values) addValue(shape, item)
  }
  return shape
}

/** Adds fields the documentation names without an example. */
function plus(shape: Shape, fields: Readonly<Record<string, string>>): Shape {
  for (const [at, type] of Object.entries(fields)) shape.set(at, new Set([...(shape.get(at) ?? []), type]))
  return shape
}

describe.skipIf(!existsSync(PAYLOADS))('against the published and captured payloads', () => {
  const alpaca = async (read: (get: Get) => Promise<void>) => {
    await using bench = await openBench({ brokers: ['alpaca'] })
    await read(await signedIn(bench, 'alpaca'))
  }

  test('the Alpaca account', () =>
    alpaca(async get => {
      const shape = shapeOf('alpaca/docs_account.json', 'alpaca/oas_account.json', 'alpaca/py_account.json')
      expect(strangers(shape, await rowOf(await get('/v2/account')))).toEqual([])
    }))

  test('Alpaca positions', () =>
    alpaca(async get => {
      const shape = shapeOf('alpaca/docs_position.json', 'alpaca/oas_position.json')
      expect((await rowsOf(await get('/v2/positions'))).flatMap(row => strangers(shape, row))).toEqual([])
    }))

  test('Alpaca orders', () =>
    alpaca(async get => {
      const shape = plus(shapeOf('alpaca/docs_order.json', 'alpaca/oas_order.json'), { '$.position_intent': 'string' })
      // Filled orders are published in the messages of the order stream; the same object.
      const messages = readPayload('alpaca/docs_trade_updates_stream.json') as { data?: { order?: Json } }[]
      for (const { data } of messages) if (data?.order !== undefined) addValue(shape, data.order)
      const rows = await rowsOf(await get('/v2/orders?status=all&limit=500'))
      expect(rows.length).toBe(500)
      expect([...new Set(rows.flatMap(row => strangers(shape, row)))]).toEqual([])
    }))

  test('Alpaca activities', () =>
    alpaca(async get => {
      const fills = shapeOf('alpaca/docs_activity_fill.json', 'alpaca/oas_activity_fill.json')
      const documented = { '$.description': 'string', '$.status': 'string', '$.price': 'string' }
      const others = plus(shapeOf('alpaca/oas_activity_nta.json', 'alpaca/docs_activity_dividend.json'), documented)
      const rows = await allActivities(get)
      expect([...new Set(rows.flatMap(row => strangers(row['activity_type'] === 'FILL' ? fills : others, row)))]).toEqual([])
      const [fill] = rows.filter(row => row['activity_type'] === 'FILL')
      expect(Object.keys(fill ?? {}).sort()).toEqual(
        Object.keys((readPayload('alpaca/oas_activity_fill.json') as Row)['example-1'] as Row).sort(),
      )
    }))

  test('the Alpaca clock, token and error envelopes', async () => {
    await using bench = await openBench({ brokers: ['alpaca'] })
    const get = await signedIn(bench, 'alpaca')
    expect(strangers(shapeOf('alpaca/docs_clock.json'), await rowOf(await get('/v2/clock')))).toEqual([])
    const token = await rowOf(await exchange(bench, 'alpaca', await codeFrom(bench, 'alpaca')))
    expect(strangers(shapeOf('alpaca/oauth_token_response.json'), token)).toEqual([])
    const refused = await get('/v2/account/activities/FFFFF')
    expect([refused.status, await refused.json()]).toEqual([422, readPayload('alpaca/error_activities_invalid_type_422.json')])
    const unknown = await askToken(bench, 'alpaca', { client_id: 'wrong' })
    expect([unknown.status, await unknown.json()]).toEqual([401, readPayload('alpaca/error_oauth_invalid_client.json')])
  })

  const schemas = () => readSchemas('schwab/spec/trader_api.openapi.json')
  const schema = (name: string, shape: Shape = new Map()) => addSchema(shape, schemas(), { $ref: `#/components/schemas/${name}` })

  test('Schwab accounts, with and without positions', async () => {
    await using bench = await openBench({ brokers: ['schwab'] })
    const get = await signedIn(bench, 'schwab')
    const captured = shapeOf('schwab/rb_account.json')
    // The captured account is a margin account; a cash account is in the specification, beside fields both kinds send.
    const shape = schema('Account', captured)
    for (const at of ['initialBalances', 'currentBalances', 'projectedBalances']) {
      for (const [path, types] of [...captured].filter(([path]) => path.startsWith('$.securitiesAccount.currentBalances.'))) {
        const key = path.replace('currentBalances', at)
        shape.set(key, new Set([...(shape.get(key) ?? []), ...types]))
      }
    }
    plus(shape, { '$.securitiesAccount.initialBalances.isInCall': 'boolean', '$.securitiesAccount.projectedBalances.isInCall': 'boolean' })
    const rows = [...(await rowsOf(await get('/trader/v1/accounts?fields=positions'))), ...(await rowsOf(await get('/trader/v1/accounts')))]
    expect(rows.map(row => (row['securitiesAccount'] as Row)['type'])).toEqual(['MARGIN', 'CASH', 'MARGIN', 'CASH'])
    expect([...new Set(rows.flatMap(row => strangers(shape, row)))]).toEqual([])
    expect(rows.map(row => 'positions' in (row['securitiesAccount'] as Row))).toEqual([true, true, false, false])
  })

  test('Schwab transactions', async () => {
    await using bench = await openBench({ brokers: ['schwab'] })
    const get = await signedIn(bench, 'schwab')
    const captured = readPayload('schwab/rb_body_transactions.json') as Row[]
    const shape = schema('Transaction')
    for (const row of captured) addValue(shape, row)
    const rows = (await Promise.all((await hashesOf(get)).map(({ hash }) => allTransactions(get, hash)))).flat()
    expect([...new Set(rows.flatMap(row => strangers(shape, row)))]).toEqual([])
    const isOption = (row: Row) => JSON.stringify(row).includes('"optionPremiumMultiplier":100') && row['orderId'] !== undefined
    const keys = (row: Row | undefined) => [...addValue(new Map(), row ?? {}).keys()].sort()
    expect(keys(rows.find(isOption)).filter(key => !captured.filter(isOption).some(row => keys(row).includes(key)))).toEqual([])
    expect(keys(captured.find(isOption)).filter(key => !rows.filter(isOption).some(row => keys(row).includes(key)))).toEqual([])
    const types = new Set(rows.map(row => row['type']))
    expect([...types].filter(type => !SCHWAB_TYPES.split(',').includes(text(type)))).toEqual([])
  })

  test('Schwab orders', async () => {
    await using bench = await openBench({ brokers: ['schwab'] })
    const get = await signedIn(bench, 'schwab')
    const captured = ['rb_orders', 'rb_orders_with_close', 'rb_orders_with_iron_condor'].flatMap(
      file => readPayload(`schwab/${file}.json`) as Row[],
    )
    const shape = schema('Order')
    for (const row of captured) addValue(shape, row)
    const range = 'fromEnteredTime=2025-12-01T00:00:00.000Z&toEnteredTime=2026-11-21T00:00:00.000Z'
    const rows = (
      await Promise.all((await hashesOf(get)).map(async ({ hash }) => rowsOf(await get(`/trader/v1/accounts/${hash}/orders?${range}`))))
    ).flat()
    expect(rows.length).toBeGreaterThan(100)
    expect([...new Set(rows.flatMap(row => strangers(shape, row)))]).toEqual([])
    expect(new Set(rows.map(row => row['status']))).toEqual(new Set(['FILLED', 'CANCELED', 'WORKING']))
  })

  test('the Schwab account numbers, preferences and the dead refresh token', async () => {
    await using bench = await openBench({ brokers: ['schwab'] })
    const get = await signedIn(bench, 'schwab')
    expect(strangers(shapeOf('schwab/rb_account_numbers.json'), await rowsOf(await get('/trader/v1/accounts/accountNumbers')))).toEqual([])
    expect(strangers(shapeOf('schwab/rb_user_preferences.json'), await rowOf(await get('/trader/v1/userPreference')))).toEqual([])
    const dead = await askToken(bench, 'schwab', { grant_type: 'refresh_token', refresh_token: 'gone' })
    const plain = (value: Json) => JSON.stringify(value).replaceAll(/tokenDigest=\w+/g, 'tokenDigest=')
    expect([dead.status, plain(await rowOf(dead))]).toEqual([400, plain(readPayload('schwab/error_oauth_refresh_expired_400.json'))])
  })
})

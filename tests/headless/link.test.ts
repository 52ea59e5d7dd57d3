import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDoorkeeper } from '../../electron/headless/doorkeeper.ts'
import { linkAddress } from '../../electron/headless/server.ts'
import { type House, openHouse } from './support/open-house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(async () => {
  await house[Symbol.asyncDispose]()
})

const open = (token: string, headers: Record<string, string> = {}) =>
  house.ask({ path: `/?link=${token}`, headers: { host: house.host, ...headers } })

describe('a one-time link', () => {
  test('is swapped for a cookie and a clean address', async () => {
    const { status, headers } = await open(house.doorkeeper.issueLink())
    expect({ status, location: headers.location }).toEqual({ status: 303, location: '/' })
    const cookie = headers['set-cookie']?.[0] ?? ''
    expect(cookie).toMatch(new RegExp(`^keelson-${house.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`))
    const front = await house.ask({ headers: { host: house.host, cookie: cookie.split(';')[0] } })
    expect({ status: front.status, body: front.body }).toEqual({ status: 200, body: '<!doctype html><title>front page</title>' })
  })

  test('works once', async () => {
    const token = house.doorkeeper.issueLink()
    expect((await open(token)).status).toBe(303)
    const again = await open(token)
    expect({ status: again.status, cookie: again.headers['set-cookie'] }).toEqual({ status: 401, cookie: undefined })
    expect(again.body).toContain('keelson open')
    expect(again.body).not.toContain(token)
  })

  test('is not used up by a browser that fetches ahead, nor by HEAD', async () => {
    const token = house.doorkeeper.issueLink()
    expect((await open(token, { 'sec-purpose': 'prefetch;prerender' })).status).toBe(403)
    expect((await house.ask({ method: 'HEAD', path: `/?link=${token}`, headers: { host: house.host } })).status).toBe(405)
    expect((await open(token)).status).toBe(303)
  })

  test('leads a browser that is in already to the clean address and stays good', async () => {
    const token = house.doorkeeper.issueLink()
    const { status, headers } = await open(token, { cookie: house.cookie })
    expect({ status, location: headers.location, cookie: headers['set-cookie'] }).toEqual({ status: 303, location: '/', cookie: undefined })
    expect((await open(token)).status).toBe(303)
  })

  test('ends with the next one', async () => {
    const first = house.doorkeeper.issueLink()
    const second = house.doorkeeper.issueLink()
    expect((await open(first)).status).toBe(401)
    expect((await open(second)).status).toBe(303)
  })

  test('opens the front door only', async () => {
    const token = house.doorkeeper.issueLink()
    expect((await house.ask({ path: `/assets/app.js?link=${token}`, headers: { host: house.host } })).status).toBe(401)
    expect((await open(token)).status).toBe(303)
  })

  test('is handed out to programs that know the bearer token', async () => {
    const headers = {
      host: house.host,
      'x-keelson': '1',
      'content-type': 'application/json',
      authorization: `Bearer ${house.doorkeeper.bearer}`,
    }
    const { status, body } = await house.ask({ method: 'POST', path: '/link', headers })
    expect(status).toBe(200)
    expect(body).toMatch(new RegExp(`^\\{"link":"http://${house.host}/\\?link=[\\w-]{43}"\\}$`))
  })
})

describe('the doorkeeper', () => {
  test('lets a link grow old', () => {
    let now = 0
    const keeper = createDoorkeeper({ port: 4000, monotonicMs: () => now, linkLifeMs: 1000 })
    const late = keeper.issueLink()
    now = 1001
    expect(keeper.redeem(late)).toBeNull()
    const fresh = keeper.issueLink()
    now = 2001
    expect(keeper.redeem(fresh)).toMatch(/^[\w-]{43}$/)
  })

  test('tells its cookie from those of other ports on the same name', () => {
    const keeper = createDoorkeeper({ port: 4000, monotonicMs: () => 0 })
    const session = keeper.redeem(keeper.issueLink()) ?? ''
    expect(keeper.knowsSession(`keelson-4001=${session}`)).toBe(false)
    expect(keeper.knowsSession(`keelson-4001=other; keelson-4000=${session}`)).toBe(true)
    expect(keeper.knowsSession('keelson-4000=')).toBe(false)
  })

  test('does not take a session for a bearer, nor a bearer for a session or a link', () => {
    const keeper = createDoorkeeper({ port: 4000, monotonicMs: () => 0 })
    const session = keeper.redeem(keeper.issueLink()) ?? ''
    expect(keeper.knowsBearer(`Bearer ${session}`)).toBe(false)
    expect(keeper.knowsSession(`keelson-4000=${keeper.bearer}`)).toBe(false)
    expect(keeper.redeem(keeper.bearer)).toBeNull()
    expect(keeper.knowsBearer(`bearer ${keeper.bearer}`)).toBe(false)
    expect(keeper.knowsBearer(`Bearer ${keeper.bearer}`)).toBe(true)
  })

  test('writes links to the loopback address', () => {
    expect(linkAddress(7830, 'abc')).toBe('http://127.0.0.1:7830/?link=abc')
  })
})

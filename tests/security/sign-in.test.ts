import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { openConnection } from '../../electron/core/db/open.ts'
import { sql } from '../../electron/core/db/sql.ts'
import { readCertificate } from '../../electron/core/net/peer-certificate.ts'
import type { FlowView } from '../../shared/contract/connections.ts'
import type { BrokerId } from '../../shared/domain/broker.ts'
import { isListening, placeOf, visit } from '../core/oauth/support/visitor.ts'
import { redirectAfterConsent, Refused, type TestCore, testCore } from '../support/test-core.ts'

/** Brokers that send the browser back with a state. */
const REDIRECTING = ['alpaca', 'schwab', 'tastytrade', 'ibkr', 'tdameritrade'] as const satisfies readonly BrokerId[]
const FIVE_MINUTES = 300_000

const begin = (app: TestCore, broker: BrokerId): Promise<FlowView> =>
  app.call('connections.signIn', { broker, environment: 'sandbox', consent: true, open: false })

/** What a pasted address comes to: the code of its refusal, or of the sign-in's end. */
async function pasted(app: TestCore, { flowId }: FlowView, text: string): Promise<string> {
  try {
    const { state } = await app.call('connections.paste', { flowId, text })
    return state.kind === 'failed' ? state.error.code : state.kind
  } catch (error) {
    if (error instanceof Refused) return error.view.code
    throw error
  }
}

/** The answer of a browser at the listener; 0 where nobody listens. */
async function knocked(flow: FlowView, address: string): Promise<number> {
  const url = new URL(address)
  if (!(await isListening('127.0.0.1', Number(url.port)))) return 0
  const ca =
    url.protocol === 'https:' ? (await readCertificate('127.0.0.1', Number(url.port), { signal: new AbortController().signal })).pem : null
  return (await visit(placeOf(flow.redirectUri, ca), url.pathname + url.search)).status
}

/** What was saved, read behind the core's back. */
function kept(app: TestCore): Record<string, number> {
  const db = openConnection(path.join(app.ports.paths.dataDir, 'keelson.db'))
  const count = (rows: readonly unknown[]): number => rows.length
  const found = {
    connections: count(db.reader.all(sql`SELECT 1 FROM connections`)),
    tokens: count(db.reader.all(sql`SELECT 1 FROM tokens`)),
    secrets: count(db.reader.all(sql`SELECT 1 FROM secrets`)),
  }
  db.close()
  return found
}
const NOTHING = { connections: 0, tokens: 0, secrets: 0 }

function changed(address: string, change: (params: URLSearchParams) => void): string {
  const url = new URL(address)
  change(url.searchParams)
  return url.href
}
const stateOf = ({ authorizeUrl }: FlowView): string => new URL(authorizeUrl).searchParams.get('state') ?? ''

describe.each(REDIRECTING)('a sign-in at %s', broker => {
  test('with a wrong, shortened, doubled, missing or empty state is refused, saves nothing, and does not end the true one', async () => {
    await using app = await testCore()
    const flow = await begin(app, broker)
    const answer = await redirectAfterConsent(flow.authorizeUrl)
    const state = stateOf(flow)
    const forged = [
      changed(answer, params => params.set('state', Buffer.alloc(32, 7).toString('base64url'))),
      changed(answer, params => params.set('state', state.slice(0, -1))),
      changed(answer, params => params.set('state', state.toLowerCase())),
      changed(answer, params => params.append('state', state)),
      changed(answer, params => params.delete('state')),
      changed(answer, params => params.set('state', '')),
    ]
    for (const address of forged) {
      expect(await knocked(flow, address)).toBe(400)
      expect(await pasted(app, flow, address)).toMatch(/^auth\/(?:wrong-state|bad-paste)$/)
    }
    expect((await app.call('connections.flow', { flowId: flow.flowId })).state.kind).toBe('waiting')
    expect(kept(app)).toEqual(NOTHING)
    expect(await pasted(app, flow, answer)).toBe('connected')
    expect(kept(app)).toMatchObject({ connections: 1, tokens: 1 })
  })

  test('takes its state once: neither the same answer again nor a later sign-in accepts it', async () => {
    await using app = await testCore()
    const flow = await begin(app, broker)
    const answer = await redirectAfterConsent(flow.authorizeUrl)
    expect(await pasted(app, flow, answer)).toBe('connected')
    const after = kept(app)
    expect(await knocked(flow, answer)).toBe(0)
    expect(await pasted(app, flow, answer)).toBe('auth/flow-over')
    const later = await begin(app, broker)
    expect(stateOf(later)).not.toBe(stateOf(flow))
    const replayed = changed(later.redirectUri, params => {
      for (const [name, value] of new URL(answer).searchParams) params.set(name, value)
    })
    expect(await knocked(later, replayed)).toBe(400)
    expect(await pasted(app, later, replayed)).toBe('auth/wrong-state')
    expect(kept(app)).toEqual(after)
  })

  test('forgets its state after five minutes, and when another takes its place', async () => {
    await using app = await testCore()
    const old = await begin(app, broker)
    const replaced = await redirectAfterConsent(old.authorizeUrl)
    const flow = await begin(app, broker)
    expect(await pasted(app, old, replaced)).toBe('auth/replaced')
    const answer = await redirectAfterConsent(flow.authorizeUrl)
    app.ports.clock.jump(FIVE_MINUTES)
    expect(await pasted(app, flow, answer)).toBe('auth/expired')
    expect(await knocked(flow, answer)).toBe(0)
    expect(kept(app)).toEqual(NOTHING)
    expect(await app.call('connections.list', {})).toEqual([])
  })
})

test('a state of one broker opens nothing at another', async () => {
  await using app = await testCore()
  const [mine, other] = [await begin(app, 'alpaca'), await begin(app, 'tastytrade')]
  const answer = await redirectAfterConsent(other.authorizeUrl)
  expect(
    await knocked(
      mine,
      changed(mine.redirectUri, params => params.set('state', stateOf(other))),
    ),
  ).toBe(400)
  expect(await pasted(app, mine, answer)).toBe('auth/wrong-broker')
  expect(kept(app)).toEqual(NOTHING)
})

test('a code of E*TRADE that is wrong, of another sign-in, or too late saves nothing', async () => {
  await using app = await testCore()
  const first = await begin(app, 'etrade')
  expect(await pasted(app, first, 'WRONG1')).toMatch(/^auth\//)
  const second = await begin(app, 'etrade')
  expect(await pasted(app, second, 'ABCDE')).toMatch(/^auth\//)
  const third = await begin(app, 'etrade')
  app.ports.clock.jump(FIVE_MINUTES)
  expect(await pasted(app, third, 'ABCDE')).toBe('auth/expired')
  expect(kept(app)).toEqual(NOTHING)
})

import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readToken } from '../../electron/core/store/tokens.ts'
import { addConnection, grantOf, openTokenDesk } from '../core/tokens/support/desk.ts'
import { json, startTokenServer } from '../core/oauth/support/token-server.ts'
import { benchFolder } from './support/bench-desk.ts'
import { type BenchResult, judge } from './support/measure.ts'
import { jumpingClock } from '../support/fake-ports.ts'

const CONNECTIONS = 1000
/** What a token endpoint takes on a bad day. */
const ANSWER_MS = 250
const LIFE_MS = 1_800_000
const DAY_MS = 86_400_000

/**
 * T3: one sweep that renews the tokens of 1,000 connections: the real store, vault, intents, kernel locks and HTTP, against a token
 * endpoint that takes a quarter of a second. Only the pacing is lifted, which is each broker's and not Keelson's.
 */
export async function measure(): Promise<BenchResult[]> {
  using folder = benchFolder()
  let given = 0
  const presented: string[] = []
  await using server = await startTokenServer(async ({ form }) => {
    presented.push(form.get('refresh_token') ?? '')
    await sleep(ANSWER_MS)
    given += 1
    return json({
      access_token: `access-new-${given}`,
      refresh_token: `refresh-new-${given}`,
      token_type: 'Bearer',
      expires_in: LIFE_MS / 1000,
    })
  })
  await using desk = await openTokenDesk({ folder: path.dirname(folder.file), origin: server.origin, clock: jumpingClock() })
  const { db, tokens, ports } = desk
  const connections = db.writer.tx(() =>
    Array.from({ length: CONNECTIONS }, (_, index) => {
      const connection = addConnection(desk)
      tokens.save(connection.id, grantOf(desk, { access: `access-${index}`, refresh: `refresh-${index}`, expiresInMs: LIFE_MS }), {
        signInBy: null,
      })
      return connection
    }),
  )
  ports.clock.jump(LIFE_MS * 0.7)
  const cpu = process.cpuUsage()
  const began = performance.now()
  const counts = await tokens.sweep({ dueWithinMs: DAY_MS, signal: new AbortController().signal })
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const moved = connections.filter(({ id }) => readToken(db.reader, id)?.generation === 2).length
  if (
    counts.renewed !== CONNECTIONS ||
    moved !== CONNECTIONS ||
    new Set(presented).size !== CONNECTIONS ||
    presented.length !== CONNECTIONS
  )
    throw new Error(`not a sweep of all: ${JSON.stringify({ ...counts, moved, presented: presented.length })}`)
  const note = `${CONNECTIONS} renewed with one request each, ${ANSWER_MS} ms an answer, ${((user + system) / 1000 / CONNECTIONS).toFixed(1)} ms of processor time each`
  return [judge({ id: 'T3', unit: 's for 1,000 connections', floor: 60, goal: 40 }, seconds, note)]
}

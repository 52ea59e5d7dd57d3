import { createCore } from '../../electron/core/create-core.ts'
import { type Carrier, overIpc, overWebSocket } from '../contract/carriers.ts'
import { fakePorts } from '../support/fake-ports.ts'
import { longHistory, MANY, openHistory } from './support/long-history.ts'
import { type BenchResult, judge, median } from './support/measure.ts'
import { PAGE_ROWS, pageTimes, sameQuery } from './support/pages.ts'

const ROUNDS = 15
const PAGES = 100
let requests = 0

/**
 * I2, I2IPC: a page of 100 activities over a real WebSocket, and over the desktop's transport with Electron's IPC stood in for,
 * against reading it from the database. Both ends share this thread, so everything either does is in the time.
 */
export async function measure(): Promise<BenchResult[]> {
  const core = await createCore(fakePorts(longHistory(MANY).dataDir), { background: false })
  const db = openHistory(MANY)
  const carriers = [await overWebSocket(core), await overIpc(core)]
  const rounds: number[][] = []
  for (let round = -1; round < ROUNDS; round += 1) {
    const base = median(pageTimes(db, sameQuery(PAGES)))
    const times = [base]
    for (const carrier of carriers) times.push(median(await carriedPages(carrier)))
    // The first round warms up.
    if (round >= 0) rounds.push(times)
  }
  for (const carrier of carriers) await carrier.close()
  await core.close()
  db.close()
  const [direct = 0, socket = 0, ipc = 0] = [0, 1, 2].map(place => median(rounds.map(times => times[place] ?? Number.NaN)))
  const note = (ms: number): string => `${ms.toFixed(3)} of ${direct.toFixed(3)} ms`
  return [
    judge({ id: 'I2', unit: 'x of a direct read', floor: 6, goal: 3 }, socket / direct, `WebSocket: ${note(socket)}`),
    judge({ id: 'I2IPC', unit: 'x of a direct read', floor: 6, goal: 3 }, ipc / direct, `IPC: ${note(ipc)}`),
  ]
}

async function carriedPages(carrier: Carrier): Promise<number[]> {
  const { signal } = new AbortController()
  const times: number[] = []
  for (let page = 0; page < PAGES; page += 1) {
    requests += 1
    const began = performance.now()
    const envelope = await carrier.dispatch({ id: `b${requests}`, route: 'activities.page', input: { limit: PAGE_ROWS } }, signal)
    times.push(performance.now() - began)
    if (!envelope.ok) throw new Error(envelope.error.message)
  }
  return times
}

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { type Db, openDatabase } from '../../../electron/core/db/open.ts'
import { activityPage } from '../../../electron/core/store/activities.ts'
import { tempFolder } from '../../support/fake-ports.ts'
import { NOW } from './support/sync-desk.ts'

const KILLS = 100
const SEED = 20_261_120

/** The same numbers for the same seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

interface Child {
  readonly process: ChildProcess
  readonly ready: Promise<void>
}

function start(folder: string, cache: string): Child {
  const child = fork(path.join(import.meta.dirname, 'support/killable.ts'), [folder], {
    execArgv: [],
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
  })
  const ready = Promise.withResolvers<void>()
  child.on('message', message => message === 'ready' && ready.resolve())
  child.on('exit', () => ready.reject(new Error('ended before it was ready')))
  ready.promise.catch(() => undefined)
  return { process: child, ready: ready.promise }
}

/** Lets the child sync until `commits` commits and `ms` more have passed, then kills it outright. Answers its last words if it was quicker. */
async function killMidway(child: Child, commits: number, ms: number): Promise<string | null> {
  await child.ready
  const exit = once(child.process, 'exit')
  let left = commits
  let words: string | null = null
  const strike = (): void => void setTimeout(() => child.process.kill('SIGKILL'), ms)
  child.process.on('message', message => {
    if (message === 'page' && (left -= 1) === 0) strike()
    if (typeof message === 'string' && message.startsWith('done')) words = message
  })
  if (commits === 0) strike()
  child.process.send('go')
  await exit
  return words
}

async function finish(child: Child): Promise<string | null> {
  return killMidway(child, Number.POSITIVE_INFINITY, 0)
}

/** Everything that matters, without row numbers, run records and the folder's own account ids. */
function logicalDump(folder: string): Record<string, unknown> {
  const db = openDatabase({ file: path.join(folder, 'keelson.db'), now: () => NOW })
  const all = (text: string): unknown[] => db.raw.prepare(text).raw().all()
  try {
    return {
      check: all('PRAGMA integrity_check'),
      foreign: all('PRAGMA foreign_key_check'),
      accounts: all('SELECT position, masked_number, name, type, currency, broker_key FROM accounts ORDER BY position'),
      history: all(
        'SELECT a.position, h.cursor, h.done, h.complete_from, h.complete_to FROM history_ranges h JOIN accounts a ON a.id = h.account_id ORDER BY 1',
      ),
      balances: all(
        'SELECT a.position, b.currency, b.net_liquidation, b.cash, b.as_of, b.fetched_at FROM balances b JOIN accounts a ON a.id = b.account_id ORDER BY 1, 2',
      ),
      positions: all(
        'SELECT a.position, p.symbol, p.quantity, p.as_of FROM positions p JOIN accounts a ON a.id = p.account_id ORDER BY 1, 2',
      ),
      orders: all('SELECT a.position, o.external_id, o.status FROM orders o JOIN accounts a ON a.id = o.account_id ORDER BY 1, 2'),
      activities:
        all(`SELECT a.position, t.external_id, t.content_hash, t.sort_at, t.executed_at, t.trade_date, t.kind, t.broker_type, t.symbol, t.side,
        t.quantity, t.price, t.amount, t.fees, t.currency, t.order_id, t.description, t.status, t.as_of, t.fetched_at, t.raw
        FROM activities t JOIN accounts a ON a.n = t.account ORDER BY 1, 2`),
      found: ['brk', 'cash', 'aapl'].map(word => everyHit(db, word)),
      unfinished: all('SELECT count(*) FROM sync_runs WHERE finished_at IS NULL'),
    }
  } finally {
    db.close()
  }
}

/** The external ids of every row a word finds, in an order of their own: rows of one instant have no other. */
function everyHit(db: Db, search: string): string[] {
  const hits: string[] = []
  let after: string | null = ''
  while (after !== null) {
    const page: ReturnType<typeof activityPage> = activityPage(db.reader, { search, limit: 500, ...(after === '' ? {} : { after }) })
    hits.push(...page.rows.map(row => row.externalId))
    after = page.next
  }
  return hits.sort()
}

test('killed a hundred times in a sync, the history ends as if nothing had happened', { timeout: 180_000 }, async () => {
  using folder = tempFolder('keelson-kill-')
  const [disturbed, calm, cache] = ['disturbed', 'calm', 'cache'].map(name => path.join(folder.path, name)) as [string, string, string]
  mkdirSync(cache)
  // The undisturbed one goes first: who is killed leaves no compiled code to the next.
  expect(await finish(start(calm, cache))).toBe('done success')
  const roll = dice(SEED)
  let killed = 0
  let next = start(disturbed, cache)
  for (let round = 0; round < KILLS; round += 1) {
    const child = next
    next = start(disturbed, cache)
    const words = await killMidway(child, Math.floor(roll() * 5), roll() * 20)
    if (words === null) killed += 1
  }
  expect(killed).toBeGreaterThan(KILLS * 0.9)
  expect(await finish(next)).toBe('done success')
  const expected = logicalDump(calm)
  expect(expected['activities']).toHaveLength(9000)
  const actual = logicalDump(disturbed)
  // Part by part: a difference names its part.
  const different = Object.keys(expected).filter(part => !isDeepStrictEqual(actual[part], expected[part]))
  expect(different).toEqual([])
})

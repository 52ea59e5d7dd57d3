import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { tempFolder } from '../../support/fake-ports.ts'
import { logicalDump } from './support/logical-dump.ts'

/** The torture (R12) kills forty times in each gate, in larger pages, and a thousand times each night. */
const KILLS = 40
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
  // What it said last may arrive after it is gone.
  const exit = Promise.all([once(child.process, 'exit'), once(child.process, 'disconnect')])
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

test('killed forty times in a sync, the history ends as if nothing had happened', { timeout: 900_000 }, async () => {
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

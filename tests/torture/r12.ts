import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { logicalDump } from '../core/sync/support/logical-dump.ts'
import { type Child, startChild } from './support/child.ts'
import { type Dice, dice, roll } from './support/dice.ts'
import { tortureFolder } from './support/folder.ts'
import { inLanes } from './support/lanes.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'

const SYNCER = '../../core/sync/support/killable.ts'
const LANES = 2
const LONGEST_MS = 20

interface Size {
  /** Rows of each account. */
  readonly rows: number
  readonly pageSize: number
  /** A kill comes after fewer commits than this. */
  readonly commits: number
}

/**
 * R12: kill -9 again and again in a sync of fifty thousand rows. In the end the history, what is found in it, balances, positions and
 * orders are those of a sync that nobody disturbed.
 */
export async function torture({ fast, seed }: TortureOptions): Promise<TortureResult[]> {
  const began = performance.now()
  const runs = fast ? 40 : 1000
  const size: Size = fast ? { rows: 3000, pageSize: 10, commits: 12 } : { rows: 16_667, pageSize: 12, commits: 9 }
  using folder = tortureFolder('sync')
  const calm = path.join(folder.path, 'calm')
  mkdirSync(calm)
  const undisturbed = await strike(begin(calm, size), Number.POSITIVE_INFINITY, 0)
  const expected = logicalDump(calm)
  const failures = undisturbed === 'done success' ? [] : [`the undisturbed sync ended with ${undisturbed}`]
  const kills = await inLanes(LANES, runs, async ({ lane, runs: share }) => {
    const disturbed = path.join(folder.path, `disturbed-${lane}`)
    mkdirSync(disturbed)
    const killed = await killAgain(disturbed, { share, size, next: dice(seed * 10 + lane) })
    const last = await strike(begin(disturbed, size), Number.POSITIVE_INFINITY, 0)
    if (last !== 'done success') failures.push(`lane ${lane} of seed ${seed}: the last sync ended with ${last}`)
    const actual = logicalDump(disturbed)
    const different = Object.keys(expected).filter(part => !isDeepStrictEqual(actual[part], expected[part]))
    if (different.length > 0) failures.push(`lane ${lane} of seed ${seed}: ${different.join(', ')} differ`)
    return killed
  })
  const killed = kills.reduce((sum, count) => sum + count, 0)
  if (killed < runs * 0.8) failures.push(`only ${killed} of ${runs} were hit before they were done`)
  const rows = Array.isArray(expected['activities']) ? expected['activities'].length : 0
  const note = `${rows} rows in ${Math.ceil(rows / size.pageSize)} pages, ${killed} processes killed in the middle: ${failures.length} dumps differ`
  return [
    judge({ id: 'R12', runs: killed, lost: failures.length, value: failures.length, unit: 'histories that differ', note, failures }, began),
  ]
}

function begin(folder: string, { rows, pageSize }: Size): Child & { readonly pages: (listener: () => void) => void } {
  let told: () => void = () => undefined
  const child = startChild(SYNCER, [folder, String(rows), String(pageSize)], { onMessage: message => message === 'page' && told() })
  return { ...child, pages: listener => (told = listener) }
}

async function killAgain(
  folder: string,
  { share, size, next }: { readonly share: number; readonly size: Size; readonly next: Dice },
): Promise<number> {
  let killed = 0
  let coming = begin(folder, size)
  for (let run = 0; run < share; run += 1) {
    const child = coming
    // The next one is up by the time this one is dead.
    coming = begin(folder, size)
    if ((await strike(child, roll(next, size.commits), next() * LONGEST_MS)) === null) killed += 1
  }
  coming.strike('SIGKILL')
  await coming.ended
  return killed
}

/** Lets it sync until so many commits and milliseconds have passed, then kills it. Answers its last words if it was quicker. */
async function strike(child: ReturnType<typeof begin>, commits: number, ms: number): Promise<string | null> {
  await child.next()
  let left = commits
  const hit = (): void => void setTimeout(() => child.strike('SIGKILL'), ms)
  child.pages(() => {
    left -= 1
    if (left === 0) hit()
  })
  if (commits === 0) hit()
  child.say('go')
  await child.ended
  for (;;) {
    const word = await child.next()
    if (word === null) return null
    if (typeof word === 'string' && word.startsWith('done')) return word
  }
}

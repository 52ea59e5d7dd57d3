import path from 'node:path'
import { startChild } from './support/child.ts'
import { tortureFolder } from './support/folder.ts'
import { inLanes } from './support/lanes.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'
import { said, saidNumber } from './support/said.ts'
import { makeSample, type Sample } from './support/sample.ts'

interface Sum {
  tries: number
  whole: number
  older: number
  refused: number
  changed: number
  failures: string[]
}

const LANES = 2

/**
 * R8: the log is cut, flipped and zeroed at ten thousand places, then the database file at two thousand. What was committed before the
 * damage is there, whole; a database that is damaged itself is refused and left as it is, byte for byte.
 */
export async function torture({ fast, seed }: TortureOptions): Promise<TortureResult[]> {
  const began = performance.now()
  using folder = tortureFolder('damage', { inMemory: true })
  const log = await damage('log', fast ? 300 : 10_000, seed, folder.path)
  const database = await damage('database', fast ? 100 : 2000, seed + 1, folder.path)
  const failures = [...log.failures, ...database.failures]
  const note =
    `log: ${log.whole} times all there, ${log.older} times as it was before the damage, 0 torn; ` +
    `database file: ${database.refused} refused unchanged, ${database.whole + database.older} harmless, ${database.changed} opened with a value changed that only its seal or its reader can know`
  return [
    judge(
      {
        id: 'R8',
        runs: log.tries + database.tries,
        lost: failures.length,
        value: failures.length,
        unit: 'torn, reset or overwritten databases',
        note,
        failures,
      },
      began,
    ),
  ]
}

async function damage(target: 'log' | 'database', tries: number, seed: number, folder: string): Promise<Sum> {
  const sample = await makeSample(path.join(folder, target), target === 'log' ? { base: 5, logged: 40 } : { base: 20, logged: 0 })
  const sum: Sum = { tries: 0, whole: 0, older: 0, refused: 0, changed: 0, failures: [] }
  await inLanes(LANES, tries, async ({ lane, runs }) => {
    const found = await inChild(sample, { target, tries: runs, seed: seed * 10 + lane, work: path.join(folder, `${target}-${lane}`) })
    sum.tries += runs
    for (const part of ['whole', 'older', 'refused', 'changed'] as const) sum[part] += saidNumber(found, part) || 0
    const failures = said(found, 'failures')
    if (Array.isArray(failures)) sum.failures.push(...failures.map(String))
  })
  return sum
}

interface Job {
  readonly target: string
  readonly tries: number
  readonly seed: number
  readonly work: string
}

async function inChild({ folder, base, logEnds }: Sample, { target, tries, seed, work }: Job): Promise<unknown> {
  const child = startChild('damager.ts', [folder, work, String(base)])
  await child.next()
  child.tell({ target, tries, seed, ends: JSON.stringify(Object.fromEntries(logEnds)) })
  const found = (await child.next()) ?? { failures: [`the process that opened them ended: ${child.complaint().slice(0, 500)}`] }
  child.strike('SIGKILL')
  await child.ended
  return found
}

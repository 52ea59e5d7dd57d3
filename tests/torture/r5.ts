import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { WAYS } from './support/broker-words.ts'
import { startChild } from './support/child.ts'
import { FAULTS } from './support/faults.ts'
import { tortureFolder } from './support/folder.ts'
import { atMost } from './support/lanes.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'
import { said, saidNumber } from './support/said.ts'

const CORES = 2

/**
 * R5: every broker's refresh against everything a line, somebody in between and the broker's own front door can do, and the broker's own
 * words for an end. Each is told for what it is, none but a definitive answer ends a sign-in, and no request comes before the time a
 * broker named.
 */
export async function torture({ fast, seed }: TortureOptions): Promise<TortureResult[]> {
  const began = performance.now()
  using folder = tortureFolder('faults', { inMemory: true })
  const found = await atMost(CORES, WAYS, async (_, at) => {
    const data = path.join(folder.path, String(at))
    mkdirSync(data)
    const child = startChild('faulty.ts', [data, String(at)])
    await child.next()
    child.tell(fast ? { rounds: 1, every: 12, seed: seed + at } : { rounds: 2, every: 1, seed: seed + at * 100 })
    const answer = await child.next()
    child.strike('SIGKILL')
    await child.ended
    return answer ?? { failures: [`the process of ${WAYS[at]?.name ?? ''} ended: ${child.complaint().slice(0, 500)}`] }
  })
  const sum = (part: string): number => found.reduce<number>((total, tally) => total + (saidNumber(tally, part) || 0), 0)
  const failures = found.flatMap(tally => {
    const listed = said(tally, 'failures')
    return Array.isArray(listed) ? listed.map(String) : []
  })
  const [cases, wrong, signOuts, undercut] = [sum('cases'), sum('wrong'), sum('signOuts'), sum('undercut')]
  const note = `${FAULTS.length} faults and each broker's own words, ${WAYS.length} ways in: ${cases - wrong} of ${cases} told apart rightly, ${signOuts} false sign-outs, ${undercut} requests before the broker's time`
  return [
    judge(
      {
        id: 'R5',
        runs: cases,
        lost: signOuts,
        value: wrong + signOuts + undercut,
        unit: 'wrong classes, false sign-outs and early requests',
        note,
        failures,
      },
      began,
    ),
  ]
}

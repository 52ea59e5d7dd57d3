import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { startChild } from './support/child.ts'
import { dice } from './support/dice.ts'
import { tortureFolder } from './support/folder.ts'
import { inLanes } from './support/lanes.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'
import { said, saidList } from './support/said.ts'
import { startVenue } from './support/venue.ts'

const LANES = 2

/**
 * O1K: orders whose sender is killed around the send: before the broker has it, after, with its answer, a little later. Afterwards none is
 * there twice, and each that is there is known. To prove that it would be noticed otherwise, the same kills are tried with the writes the
 * wrong way round: then there must be duplicates.
 */
export async function torture({ fast, seed }: TortureOptions): Promise<TortureResult[]> {
  return [await underKills(fast ? 24 : 1000, seed, 'normal'), await underKills(fast ? 12 : 60, seed, 'reversed')]
}

async function underKills(wanted: number, seed: number, order: 'normal' | 'reversed'): Promise<TortureResult> {
  const began = performance.now()
  using folder = tortureFolder(`orders-${order}`)
  const lanes = await inLanes(LANES, wanted, share => killLane({ ...share, folder: folder.path, order, seed }))
  const sum = (part: 'kills' | 'twice' | 'strange' | 'orders'): number => lanes.reduce((total, lane) => total + lane[part], 0)
  const failures = lanes.flatMap(lane => lane.failures)
  const [kills, twice, strange] = [sum('kills'), sum('twice'), sum('strange')]
  if (order === 'normal') {
    const note = `${kills} processes killed around the send of ${sum('orders')} orders: ${twice} at the broker twice, ${strange} told wrongly afterwards`
    return judge(
      { id: 'O1K', runs: kills, lost: strange, value: twice + strange, unit: 'duplicates and wrong outcomes', note, failures },
      began,
    )
  }
  const note = `the same with the order sent before it is written down, to see that it would be noticed: ${twice} of ${sum('orders')} orders twice`
  return judge(
    { id: 'O1N', runs: kills, lost: 0, value: twice > 0 ? 0 : 1, unit: 'control runs in which nothing was noticed', note, failures: [] },
    began,
  )
}

interface Lane {
  readonly lane: number
  readonly runs: number
  readonly folder: string
  readonly order: 'normal' | 'reversed'
  readonly seed: number
}

interface Found {
  readonly kills: number
  readonly orders: number
  readonly twice: number
  readonly strange: number
  readonly failures: readonly string[]
}

async function killLane({ lane, runs, folder, order, seed }: Lane): Promise<Found> {
  const home = path.join(folder, String(lane))
  mkdirSync(home)
  await using venue = await startVenue()
  const next = dice(seed * 10 + lane)
  const tickets = String(runs * 3)
  let kills = 0
  for (let run = 0; run < runs; run += 1) {
    const child = startChild('orderer.ts', [home, venue.origin, order, 'go', tickets])
    venue.aim(next, () => child.strike('SIGKILL'))
    const { signal } = await child.ended
    venue.aim(null, () => undefined)
    if (signal === 'SIGKILL') kills += 1
    else if (child.complaint() !== '') return { kills, orders: 0, twice: 0, strange: 1, failures: [child.complaint().slice(0, 800)] }
  }
  const last = startChild('orderer.ts', [home, venue.origin, order, 'finish', tickets])
  await last.next()
  const end = await last.next()
  await last.ended
  return judged({ kills, book: venue.book, end, complaint: last.complaint() })
}

function judged({
  kills,
  book,
  end,
  complaint,
}: {
  kills: number
  book: readonly { id: string; ticket: string }[]
  end: unknown
  complaint: string
}): Found {
  const failures = complaint === '' ? [] : [complaint.slice(0, 800)]
  const outcomes = new Map(saidList(end, 'intents').map(pair => (Array.isArray(pair) ? [String(pair[0]), String(pair[1])] : ['', ''])))
  const taken = new Set(book.map(({ id }) => id))
  const strange = [
    ...book
      .filter(({ id }) => outcomes.get(id) !== 'confirmed')
      .map(({ ticket, id }) => `ticket ${ticket} is at the broker and ${outcomes.get(id) ?? 'not written down'} here`),
    ...[...outcomes]
      .filter(([id, outcome]) => outcome === 'confirmed' && !taken.has(id))
      .map(([id]) => `${id} is confirmed here and not at the broker`),
    ...[...outcomes]
      .filter(([, outcome]) => outcome === 'unknown' || outcome === 'sending')
      .map(([id]) => `nobody found out what became of ${id}`),
  ]
  const audit = said(end, 'audit')
  if (audit !== 'sound') failures.push(`the audit log: ${String(audit)}`)
  const twice = book.length - new Set(book.map(({ ticket }) => ticket)).size
  return { kills, orders: book.length, twice, strange: strange.length, failures: [...failures, ...strange] }
}

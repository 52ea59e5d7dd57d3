import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { startChild } from './support/child.ts'
import { dice } from './support/dice.ts'
import { tortureFolder } from './support/folder.ts'
import { inLanes } from './support/lanes.ts'
import { LINE_FAULTS } from './support/order-line.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'
import { said, saidList } from './support/said.ts'
import { openTrader, settled } from './support/trader.ts'
import { startVenue } from './support/venue.ts'

/** A core and a simulator of its own for each so many: the orders that rest make every look longer. */
const BLOCK = 250
const LANES = 2
const TRIES = 20

/**
 * O1: orders over a line that breaks around every one of them, and orders whose sender is killed around the send. No order is ever at the
 * broker twice, and none that is there is shown as refused or as never sent. To prove that it would be noticed, the same kills are tried
 * with the writes the wrong way round: then there must be duplicates.
 */
export async function torture({ fast, seed }: TortureOptions): Promise<TortureResult[]> {
  return [
    await overBadLines(fast ? 60 : 10_000, seed),
    await underKills(fast ? 24 : 1000, seed, 'normal'),
    await underKills(fast ? 12 : 60, seed, 'reversed'),
  ]
}

async function overBadLines(wanted: number, seed: number): Promise<TortureResult> {
  const began = performance.now()
  const failures: string[] = []
  const tally = new Map<string, number>()
  let [twice, denied, sent] = [0, 0, 0]
  for (let block = 0; sent < wanted; block += 1) {
    await using trader = await openTrader()
    const next = dice(seed + block)
    trader.line.disturb(next)
    const size = Math.min(BLOCK, wanted - sent)
    const before = trader.line.sent.length
    for (let tries = 0; trader.line.sent.length - before < size && tries < size * TRIES; tries += 1) {
      const had = trader.line.sent.length
      const placed = await trader.tryPlace()
      if (placed === null) {
        if (trader.line.sent.length > had) failures.push(`block ${block}: an order was sent, and its sender was told that it was not`)
        continue
      }
      const end = placed.outcome === 'unknown' ? await settled(trader, placed.intentId) : placed
      tally.set(end.outcome, (tally.get(end.outcome) ?? 0) + 1)
      const id = trader.line.sent.at(-1)?.id ?? ''
      const isThere = trader.line.taken.has(id)
      if ((end.outcome === 'rejected' || end.outcome === 'not-sent') && isThere) {
        denied += 1
        failures.push(`block ${block}: an order that exists is shown as ${end.outcome}`)
      }
      if (end.outcome === 'confirmed' && !isThere) failures.push(`block ${block}: an order that does not exist is shown as confirmed`)
      if (end.outcome === 'unknown') failures.push(`block ${block}: nobody found out what became of an order`)
    }
    const ids = trader.line.sent.map(({ id }) => id)
    twice += ids.length - new Set(ids).size + [...trader.line.taken.values()].filter(count => count > 1).length
    if (ids.length === before) failures.push(`block ${block}: no order went out at all`)
    sent += ids.length - before
  }
  const words = [...tally].map(([outcome, count]) => `${count} ${outcome}`).join(', ')
  const note = `${sent} orders over a line with ${LINE_FAULTS.length - 1} faults: ${words}; ${twice} sent or taken twice, ${denied} that exist shown as not there`
  return judge({ id: 'O1', runs: sent, lost: denied, value: twice + denied, unit: 'duplicates and false refusals', note, failures }, began)
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

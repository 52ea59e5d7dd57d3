import { dice } from './support/dice.ts'
import { LINE_FAULTS } from './support/order-line.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'
import { openTrader, settled } from './support/trader.ts'

/** A core and a simulator of its own for each so many: the orders that rest make every look longer. */
const BLOCK = 250
const TRIES = 20

/** O1: orders over a line that breaks around every one of them. None is ever sent twice, and none that is at the broker is shown as refused or as never sent. */
export async function torture({ fast, seed }: TortureOptions): Promise<TortureResult[]> {
  return [await overBadLines(fast ? 60 : 10_000, seed)]
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
      // What never came down the line is no order of the broker's: the last one on the line is another.
      const id = trader.line.sent.length > had ? trader.line.sent.at(-1)?.id : undefined
      const isThere = id !== undefined && trader.line.taken.has(id)
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

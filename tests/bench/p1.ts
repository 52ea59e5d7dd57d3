import { matchLots } from '../../electron/core/ledger/lots/engine.ts'
import type { LotEvent } from '../../electron/core/ledger/lots/lot-event.ts'
import { randomFills } from '../support/lot-fills.ts'
import { floatFifo } from './support/float-fifo.ts'
import { alternate, type BenchResult, judge, median, timed } from './support/measure.ts'

const FILLS = 1_000_000
const ROUNDS = 5

/**
 * P1: the exact engine over 1,000,000 fills of 500 instruments, decimals as text, against a matcher of doubles that reads the same text. Both
 * answer every piece that was closed as numbers, with keys, quantity, proceeds, cost and result: one as columns of whole numbers, the other as
 * objects of doubles. What counts is processor time.
 */
export async function measure(): Promise<BenchResult[]> {
  const books = [...randomFills({ seed: 42, fills: FILLS, symbols: 500, perDay: 400 }).values()]
  const run = async (match: (events: readonly LotEvent[]) => number): Promise<number> => {
    let pieces = 0
    const { cpuMs } = await timed(() => {
      for (const events of books) pieces += match(events)
    })
    if (pieces === 0) throw new Error('nothing was closed')
    return cpuMs
  }
  const exact = (): Promise<number> => run(events => matchLots(events, 'fifo').closings.pnl.length)
  const doubles = (): Promise<number> => run(events => floatFifo(events).length)
  await exact()
  await doubles()
  const { baseline, subject } = await alternate(ROUNDS, doubles, exact)
  const rate = (ms: number): string => `${(FILLS / ms / 1000).toFixed(2)}M fills/s`
  const note = `${rate(median(subject))} exact, ${rate(median(baseline))} with doubles`
  return [judge({ id: 'P1', unit: 'x of doubles', floor: 0.2, goal: 0.5 }, median(baseline) / median(subject), note)]
}

import { dice } from './support/dice.ts'
import { LINE_FAULTS } from './support/order-line.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'
import { openTrader } from './support/trader.ts'

const MOST_MS = 30_000
const LOOK_MS = 5
const PATIENCE_MS = 60_000
const ARRIVES = LINE_FAULTS.flatMap(({ arrives, back }, at) => (arrives && back !== 'answer' ? [at] : []))

/** O2: how soon Keelson finds by itself what became of an order whose answer was lost, while the broker answers. Nobody asks it to. */
export async function torture({ fast, seed }: TortureOptions): Promise<TortureResult[]> {
  const began = performance.now()
  const wanted = fast ? 12 : 500
  const next = dice(seed)
  const failures: string[] = []
  const times: number[] = []
  await using trader = await openTrader()
  for (let tries = 0; times.length < wanted && tries < wanted * 20; tries += 1) {
    // The order always arrives, and the answer never does.
    const fault = ARRIVES[Math.floor(next() * ARRIVES.length)] ?? 2
    trader.line.disturb(() => (fault + 0.5) / LINE_FAULTS.length)
    const placed = await trader.tryPlace()
    if (placed === null) continue
    if (placed.outcome !== 'unknown') {
      failures.push(`a lost answer was taken for ${placed.outcome}`)
      continue
    }
    const { clock } = trader.app().ports
    const from = clock.monotonicMs()
    const outcome = await waitFor(() => trader.outcomeOf(placed.intentId))
    times.push(clock.monotonicMs() - from)
    if (outcome !== 'confirmed') failures.push(`an order that exists is still ${outcome}`)
  }
  const sorted = times.toSorted((a, b) => a - b)
  const p95 = Math.round(sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.POSITIVE_INFINITY)
  const note = `${times.length} orders whose answer was lost, found by Keelson itself: median ${Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)} ms, p95 ${p95} ms, worst ${Math.round(sorted.at(-1) ?? 0)} ms of its clock`
  return [judge({ id: 'O2', runs: times.length, lost: 0, value: p95, unit: 'ms until known (p95)', limit: MOST_MS, note, failures }, began)]
}

async function waitFor(look: () => Promise<string>): Promise<string> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const outcome = await look()
    if (outcome !== 'unknown' || performance.now() > until) return outcome
    // A timer that keeps the process alive would hold the clock of the core.
    await new Promise(resolve => setTimeout(resolve, LOOK_MS).unref())
  }
}

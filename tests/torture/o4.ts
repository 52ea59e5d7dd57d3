import { type Dice, dice, roll } from './support/dice.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'
import { openTrader, settled, type Trader } from './support/trader.ts'

const LATEST_MS = 250
const AT_ONCE = 4
/** From before the first one is sent to after the last. */
const LONGEST_MS = 30
const LONGEST_WAIT_MS = 5_000
/** One run in so many must have let some orders out and held others back, or the race was none. */
const ONE_RUN_IN = 4

/**
 * O4: the kill switch, pulled at any moment while orders are on their way. Nothing reaches the broker later than a quarter of a second
 * afterwards, and it is still on after the next start.
 */
export async function torture({ fast, seed }: TortureOptions): Promise<TortureResult[]> {
  const began = performance.now()
  const runs = fast ? 6 : 1000
  const restarts = fast ? 2 : 100
  const next = dice(seed + 4)
  const failures: string[] = []
  let [late, forgotten, sent, latest, cut] = [0, 0, 0, 0, 0]
  await using trader = await openTrader()
  for (let run = 0; run < runs; run += 1) {
    const before = trader.line.sent.length
    const pulledAt = await race(trader, next)
    const after = trader.line.sent.slice(before).map(({ atMs }) => atMs - pulledAt)
    sent += after.length
    if (after.length > 0 && after.length < AT_ONCE) cut += 1
    latest = Math.max(latest, ...after)
    late += after.filter(ms => ms > LATEST_MS).length
    if (run % Math.ceil(runs / restarts) === 0) {
      await trader.restart()
      const { kill } = await trader.app().call('orders.desk', {})
      const again = await trader.tryPlace()
      if (kill.on && again === null) continue
      forgotten += 1
      failures.push(
        `run ${run}: after the next start the switch is ${kill.on ? 'on' : 'off'} and an order is ${again?.outcome ?? 'stopped'}`,
      )
    }
  }
  if (cut < runs / ONE_RUN_IN) failures.push(`the switch came between orders in ${cut} of ${runs} runs only`)
  const note = `pulled ${runs} times, ${cut} of them between orders; of ${sent} that were sent the latest came ${Math.round(latest)} ms after, ${late} later than ${LATEST_MS} ms; ${restarts} starts with it on, ${forgotten} forgot it`
  return [judge({ id: 'O4', runs, lost: forgotten, value: late + forgotten, unit: 'orders after the switch', note, failures }, began)]
}

/** Orders go out side by side; the switch is pulled at a moment after so many of them. Answers when, once all of them have come to their end. */
async function race(trader: Trader, next: Dice): Promise<number> {
  await trader.app().call('orders.rearm', { phrase: 'TRADE' })
  const goal = trader.line.sent.length + roll(next, AT_ONCE)
  const going = Array.from({ length: AT_ONCE }, () => trader.tryPlace())
  const until = performance.now() + LONGEST_WAIT_MS
  while (trader.line.sent.length < goal && performance.now() < until) await pause(1)
  await pause(next() * LONGEST_MS)
  await trader.app().call('orders.kill', { by: 'window' })
  const pulledAt = performance.now()
  const ends = await Promise.all(going)
  // What was cut off on its way is looked for, or it would hold up the next ones.
  for (const end of ends) if (end?.outcome === 'unknown') await settled(trader, end.intentId)
  return pulledAt
}

async function pause(ms: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, ms).unref())
}

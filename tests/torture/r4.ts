import { type Child, startChild } from './support/child.ts'
import { dice } from './support/dice.ts'
import { tortureFolder } from './support/folder.ts'
import { inLanes } from './support/lanes.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'
import { saidNumber, saidText } from './support/said.ts'

const LIMIT_MS = 100
const LANES = 2
const LONGEST_WAIT_MS = 600

/**
 * R4: whoever holds the refresh lock of a connection is killed; another process has it within a tenth of a second, whether it comes
 * just then or has been waiting for it. A holder that is stopped keeps it: the others wait a minute and then say so.
 */
export async function torture({ fast, seed }: TortureOptions): Promise<TortureResult[]> {
  const began = performance.now()
  const runs = fast ? 30 : 1000
  const lanes = await inLanes(LANES, runs, share => killHolders(share, seed))
  const waits = lanes.flat().sort((a, b) => a - b)
  const failures = await stopHolder(fast ? 20 : 1)
  const worst = Math.round(Math.max(...waits) * 10) / 10
  const median = Math.round((waits[Math.floor(waits.length / 2)] ?? 0) * 10) / 10
  const note = `from the kill to the lock in other hands: median ${median} ms, worst ${worst} ms; a stopped holder is waited for a minute, then named as another copy`
  return [judge({ id: 'R4', runs: waits.length, lost: 0, value: worst, unit: 'ms, the worst', limit: LIMIT_MS, note, failures }, began)]
}

async function killHolders({ lane, runs }: { readonly lane: number; readonly runs: number }, seed: number): Promise<number[]> {
  using folder = tortureFolder(`lock-${lane}`)
  const next = dice(seed * 1000 + lane)
  const other = startChild('holder.ts', [folder.path])
  await other.next()
  const waits: number[] = []
  let coming = hold(folder.path)
  for (let run = 0; run < runs; run += 1) {
    const holder = await coming
    holder.tell({ how: 'hold' })
    await holder.next()
    // Every second one has somebody waiting for it already.
    const waiting = run % 2 === 1
    if (waiting) other.tell({ how: 'take' })
    coming = hold(folder.path)
    if (waiting) await pause(next() * LONGEST_WAIT_MS)
    const killedAt = Date.now()
    holder.strike('SIGKILL')
    if (!waiting) other.tell({ how: 'take' })
    const has = await other.next()
    waits.push(saidNumber(has, 'at') - killedAt)
  }
  for (const child of [other, await coming]) child.strike('SIGKILL')
  return waits
}

async function hold(folder: string): Promise<Child> {
  const holder = startChild('holder.ts', [folder])
  await holder.next()
  return holder
}

/** A holder that is stopped, and three who want the lock; `haste` is how fast their clocks run. */
async function stopHolder(haste: number): Promise<string[]> {
  using folder = tortureFolder('lock-stopped')
  const holder = await hold(folder.path)
  holder.tell({ how: 'hold' })
  await holder.next()
  holder.strike('SIGSTOP')
  const others = Array.from({ length: 3 }, () => startChild('holder.ts', [folder.path, String(haste)]))
  const failures: string[] = []
  const answers = await Promise.all(
    others.map(async other => {
      await other.next()
      other.tell({ how: 'take' })
      return other.next()
    }),
  )
  for (const answer of answers) {
    const ms = saidNumber(answer, 'ms')
    const isRight =
      saidText(answer, 'code') === 'app/busy' &&
      /another copy/i.test(saidText(answer, 'message')) &&
      ms >= 60_000 &&
      ms < 65_000 + 500 * haste
    if (!isRight) failures.push(`beside a stopped holder: ${JSON.stringify(answer)}`)
  }
  holder.strike('SIGKILL')
  const [first] = others
  first?.tell({ how: 'take' })
  if (saidNumber(await first?.next(), 'at') > 0 !== true) failures.push('the lock of a stopped holder that was ended is not free')
  for (const other of others) other.strike('SIGKILL')
  return failures
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => void setTimeout(resolve, ms))
}

import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { createLedgerWork } from '../../electron/core/ledger/work.ts'
import type { Db } from '../../electron/core/db/open.ts'
import { markWhole } from '../../electron/core/store/ledger-dirty.ts'
import { Dec } from '../../shared/domain/decimal.ts'
import { isInstalled, ledgerJournal } from '../support/lot-peers.ts'
import { benchFolder } from './support/bench-desk.ts'
import { fillHistory } from './support/fill-history.ts'
import { alternate, type BenchResult, judge, median, timed } from './support/measure.ts'

const FILLS = 100_000
const ROUNDS = 3

/**
 * P6: 100,000 fills in a database computed anew, with lots, results, round trips and days on disk, against the program ledger reading a
 * journal of the same fills, which is told the lots, and summing its gains. Both must come to the same total.
 */
export async function measure(): Promise<BenchResult[]> {
  if (!isInstalled('ledger')) {
    console.error('P6 skipped: ledger is not installed')
    return []
  }
  const { db, books } = fillHistory({ fills: FILLS, accounts: 1 })
  const [own] = books
  if (!own) throw new Error('no fills')
  using folder = benchFolder()
  const file = path.join(path.dirname(folder.file), 'journal')
  writeFileSync(file, ledgerJournal(own))
  let theirs = ''
  const runLedger = async (): Promise<number> => {
    // The shell says what its child cost, to a hundredth of a second.
    const command = `ledger --args-only -f '${file}' balance Income:Gains --format '%(quantity(scrub(total)))\n'; times`
    theirs = execFileSync('/bin/bash', ['-c', command], { encoding: 'utf8' })
    return Promise.resolve(secondsOf(theirs) * 1000)
  }
  const runOurs = async (): Promise<number> => {
    forgetResults(db)
    const work = createLedgerWork(db.writer)
    const { cpuMs } = await timed(() => {
      while (work.step(0).more);
    })
    return cpuMs
  }
  await runOurs()
  const { baseline, subject } = await alternate(ROUNDS, runLedger, runOurs)
  const [ledger, ours] = [median(baseline), median(subject)]
  const gains = Dec.neg(Dec.of(theirs.split('\n')[0] ?? '0'))
  const figures = db.raw.prepare('SELECT realized, fees FROM ledger_books').all() as { realized: Dec; fees: Dec }[]
  const total = Dec.sum(figures.flatMap(({ realized, fees }) => [realized, fees]))
  const same = total === gains
  const note = `${ours.toFixed(0)} ms of processor time, ledger ${ledger.toFixed(0)} ms; ${same ? `the same total, ${total}` : `totals differ: ${total} and ${gains}`}`
  const result = judge({ id: 'P6', unit: 'x as fast as ledger', floor: 2, goal: 5 }, ledger / ours, note)
  return [{ ...result, pass: result.pass && same }]
}

/** As after the first sync: nothing is computed yet. */
function forgetResults(db: Db): void {
  db.writer.tx(w => {
    for (const table of ['lots', 'closings', 'deliveries', 'trips', 'gaps', 'books', 'days']) w.exec(`DELETE FROM ledger_${table}`)
    markWhole(w, 1)
  })
}

/** User and system time of children, from the second line `times` prints: 0m1.990s 0m0.050s. */
function secondsOf(output: string): number {
  const [user = 0, system = 0] = [...(output.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)].map(([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds))
  return user + system
}

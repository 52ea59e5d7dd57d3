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
import { alternate, type BenchResult, judge, median, timed, type Timing } from './support/measure.ts'

const FILLS = 100_000
const ROUNDS = 5

/**
 * P6: 100,000 fills in a database computed anew, with lots, results, round trips and days on disk, against the program ledger reading a
 * journal of the same fills, which is told the lots, and summing its gains. Both must come to the same total. By the clock, as one who waits for
 * them would say which is faster; the processor time of each, with that of V8's helper threads, is in the note.
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
  let gains: Dec = Dec.zero
  const runLedger = (): Promise<Timing> => {
    const ran = ledgerGains(file)
    gains = ran.gains
    return Promise.resolve(ran)
  }
  const runOurs = (): Promise<Timing> => {
    forgetResults(db)
    const work = createLedgerWork(db.writer)
    return timed(() => {
      while (work.step(0).more);
    })
  }
  await runOurs()
  const { baseline, subject } = await alternate(ROUNDS, runLedger, runOurs)
  const [ledger, ours] = [middle(baseline), middle(subject)]
  const figures = db.raw.prepare('SELECT realized, fees FROM ledger_books').all() as { realized: Dec; fees: Dec }[]
  const total = Dec.sum(figures.flatMap(({ realized, fees }) => [realized, fees]))
  const same = total === gains
  const words = `${told(ours)}, ledger ${told(ledger)}; ${same ? `the same total, ${total}` : `totals differ: ${total} and ${gains}`}`
  const result = judge({ id: 'P6', unit: 'x as fast as ledger', floor: 2, goal: 5 }, ledger.wallMs / ours.wallMs, words)
  return [{ ...result, pass: result.pass && same }]
}

const middle = (runs: readonly Timing[]): Timing => ({ wallMs: median(runs.map(({ wallMs }) => wallMs)), cpuMs: median(runs.map(({ cpuMs }) => cpuMs)) })

const told = ({ wallMs, cpuMs }: Timing): string => `${wallMs.toFixed(0)} ms (${cpuMs.toFixed(0)} of processor time)`

/** What ledger says was gained, and how long it took: its shell tells real, user and system time. */
function ledgerGains(file: string): Timing & { readonly gains: Dec } {
  const command = `TIMEFORMAT='%3R %3U %3S'; { time ledger --args-only -f '${file}' balance Income:Gains --format '%(quantity(scrub(total)))\n'; } 2>&1`
  const [sum = '', times = ''] = execFileSync('/bin/bash', ['-c', command], { encoding: 'utf8' }).trim().split('\n')
  const [real = 0, user = 0, system = 0] = times.split(' ').map(Number)
  return { wallMs: real * 1000, cpuMs: (user + system) * 1000, gains: Dec.neg(Dec.of(sum)) }
}

/** As after the first sync: nothing is computed yet. */
function forgetResults(db: Db): void {
  db.writer.tx(w => {
    for (const table of ['lots', 'closings', 'deliveries', 'trips', 'gaps', 'books', 'days']) w.exec(`DELETE FROM ledger_${table}`)
    markWhole(w, 1)
  })
}

import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Db, openDatabase } from '../../electron/core/db/open.ts'
import { createLog } from '../../electron/core/log/log.ts'
import { createAuditAnchor } from '../../electron/core/orders/audit-anchor.ts'
import { type Audit, createAudit } from '../../electron/core/orders/audit-log.ts'
import { openVault } from '../../electron/core/vault/data-key.ts'
import { plainBox, realClock, realRandom } from './support/desk.ts'
import { type Dice, dice, pick, roll } from './support/dice.ts'
import { tortureFolder } from './support/folder.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'

const MOST_MS = 1000
const SOUND_LOOKS = 5

/**
 * O6: a log of a hundred thousand rows, changed, cut, mixed up and put back in a thousand ways by somebody who has the files and not the
 * key. Each is found. The figure that decides is how long a look at a sound log keeps the processor, which no busy neighbour changes.
 */
export async function torture({ fast, seed }: TortureOptions): Promise<TortureResult[]> {
  const began = performance.now()
  const [rows, runs] = fast ? [10_000, 100] : [100_000, 1000]
  using folder = tortureFolder('audit', { inMemory: true })
  const anchorFile = path.join(folder.path, 'audit-head')
  const db = openDatabase({ file: path.join(folder.path, 'keelson.db'), now: () => realClock.now() })
  const vault = await openVault({ db, box: plainBox, random: realRandom, clock: realClock })
  const log = createLog(() => undefined, realClock)
  const audit = createAudit({
    db,
    vault,
    clock: realClock,
    random: realRandom,
    log,
    anchor: createAuditAnchor(anchorFile),
    clean: text => text,
    onProblem: () => undefined,
  })
  db.writer.tx(w => {
    for (let n = 1; n < rows; n += 1)
      audit.append(w, {
        kind: 'order.sending',
        accountId: null,
        intentId: `int_${n}`,
        sentence: `Sending: buy ${n} AAPL, market, day.`,
        facts: { n },
      })
  })
  const failures: string[] = []
  const times: number[] = []
  for (let look = 0; look < SOUND_LOOKS; look += 1) {
    const before = process.cpuUsage()
    const verdict = await audit.verify()
    const { user, system } = process.cpuUsage(before)
    times.push((user + system) / 1000)
    if (!verdict.isSound || verdict.rows !== rows)
      failures.push(`the sound log of ${verdict.rows} rows: ${verdict.problem?.sentence ?? 'sound'}`)
  }
  db.raw.exec('DROP TRIGGER audit_log_fixed; DROP TRIGGER audit_log_kept')
  const missed = await tamper({ db, audit, rows, runs, anchorFile, next: dice(seed + 6) })
  const median = Math.round(times.toSorted((a, b) => a - b)[Math.floor(SOUND_LOOKS / 2)] ?? 0)
  vault.close()
  db.close()
  const note = `${rows} rows verified in ${median} ms of the processor (median of ${SOUND_LOOKS}); ${runs - missed.length} of ${runs} changes found`
  return [
    judge(
      {
        id: 'O6',
        runs,
        lost: missed.length,
        value: median,
        unit: 'ms of the processor to verify',
        limit: MOST_MS,
        note,
        failures: [...failures, ...missed],
      },
      began,
    ),
  ]
}

interface Ground {
  readonly db: Db
  readonly audit: Audit
  readonly rows: number
  readonly runs: number
  readonly anchorFile: string
  readonly next: Dice
}

async function tamper({ db, audit, rows, runs, anchorFile, next }: Ground): Promise<string[]> {
  const missed: string[] = []
  const anchor = readFileSync(anchorFile, 'utf8')
  for (let run = 0; run < runs; run += 1) {
    const [name, change] = pick(next, CHANGES)
    const row = 1 + roll(next, rows)
    const isCut = name.startsWith('cut')
    db.raw.exec('BEGIN IMMEDIATE')
    for (const statement of change(row, rows)) db.raw.exec(statement)
    if (!isCut && next() < 0.2) writeFileSync(anchorFile, JSON.stringify({ rows: 0, mac: '', stamp: '' }))
    const { isSound } = await audit.verify()
    if (isSound) missed.push(`${name} at row ${row} was not found`)
    db.raw.exec('ROLLBACK')
    writeFileSync(anchorFile, anchor)
  }
  const { isSound } = await audit.verify()
  return isSound ? missed : [...missed, 'the log is not sound again after everything was put back']
}

const CHANGES: readonly [Change, ...Change[]] = [
  [
    'a changed word',
    row => [
      `UPDATE audit_log SET body = replace(body, 'buy', 'sel') || CASE WHEN instr(body, 'buy') THEN '' ELSE ' ' END WHERE seq = ${row}`,
    ],
  ],
  ['a changed time', row => [`UPDATE audit_log SET at = at - 1 WHERE seq = ${row}`]],
  ['a changed kind', row => [`UPDATE audit_log SET kind = kind || 'x' WHERE seq = ${row}`]],
  ['a changed intent', row => [`UPDATE audit_log SET intent_id = 'int_x' WHERE seq = ${row}`]],
  ['another account', row => [`UPDATE audit_log SET account_id = 'acc_x' WHERE seq = ${row}`]],
  ['a changed hash', row => [`UPDATE audit_log SET mac = randomblob(32) WHERE seq = ${row}`]],
  ['a row taken out', row => [`DELETE FROM audit_log WHERE seq = ${row}`]],
  [
    'a row taken out and the rest moved up',
    (row, rows) => [
      `DELETE FROM audit_log WHERE seq = ${row}`,
      `UPDATE audit_log SET seq = seq - 1 WHERE seq = ${Math.min(rows, row + 1)} AND seq > ${row}`,
    ],
  ],
  [
    'two rows exchanged',
    (row, rows) => [
      `UPDATE audit_log SET seq = -1 WHERE seq = ${row}`,
      `UPDATE audit_log SET seq = ${row} WHERE seq = ${1 + (row % rows)}`,
      `UPDATE audit_log SET seq = ${1 + (row % rows)} WHERE seq = -1`,
    ],
  ],
  [
    'a row put in at the end',
    (row, rows) => [
      `INSERT INTO audit_log SELECT ${rows + 1}, at, kind, account_id, intent_id, body, mac FROM audit_log WHERE seq = ${row}`,
    ],
  ],
  [
    'a row written over by another',
    (row, rows) => [
      `UPDATE audit_log SET (at, kind, account_id, intent_id, body, mac) = (SELECT at, kind, account_id, intent_id, body, mac FROM audit_log WHERE seq = ${1 + (row % rows)}) WHERE seq = ${row}`,
    ],
  ],
  ['cut behind a row', row => [`DELETE FROM audit_log WHERE seq >= ${row}`]],
  [
    'cut behind a row, with the head in the database',
    row => [`DELETE FROM audit_log WHERE seq >= ${row}`, `DELETE FROM meta WHERE name = 'audit-head'`],
  ],
  [
    'cut to nothing, with the key',
    () => ['DELETE FROM audit_log', `DELETE FROM meta WHERE name = 'audit-head'`, `DELETE FROM secrets WHERE owner = 'audit'`],
  ],
  [
    'a chain begun by somebody else',
    (row, rows) => [
      `INSERT INTO audit_log SELECT ${rows + 1}, at, 'log.began', NULL, NULL, '{"sentence":"","facts":{"reason":"accepted"}}', mac FROM audit_log WHERE seq = ${row}`,
    ],
  ],
]
type Change = readonly [name: string, statements: (row: number, rows: number) => readonly string[]]

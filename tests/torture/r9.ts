import { cpSync, mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { migrations } from '../../electron/core/db/migrations/index.ts'
import { openDatabase } from '../../electron/core/db/open.ts'
import { AppError } from '../../shared/contract/errors.ts'
import { startChild } from './support/child.ts'
import { realClock } from './support/desk.ts'
import { type Dice, dice, roll } from './support/dice.ts'
import { fingerprints } from './support/files.ts'
import { tortureFolder } from './support/folder.ts'
import { inLanes } from './support/lanes.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'
import { said, saidNumber } from './support/said.ts'
import { DATABASE } from './support/sample.ts'

const LANES = 3
const LONGEST_MS = 4
const BY_CHANCE = -1
const ROWS = 50

/** A schema version before and after a step, each as a folder that nobody touches. */
interface Step {
  readonly version: number
  readonly before: string
  readonly schemaBefore: string
  readonly schemaAfter: string
  /** Statements on the way, counted before and after each. */
  readonly moments: number
}

/**
 * R9: a kill at every statement of every migration, and at any moment besides: the database has the old schema or the new one, whole,
 * with its rows, and the next start finishes. A database of a newer Keelson is refused and left as it is, byte for byte.
 */
export async function torture({ fast, seed }: TortureOptions): Promise<TortureResult[]> {
  const began = performance.now()
  using folder = tortureFolder('migrations', { inMemory: true })
  const failures: string[] = []
  let [kills, moments] = [0, 0]
  for (const { version } of migrations) {
    const step = await prepare(version, folder.path)
    moments += step.moments
    const runs = !fast ? 1000 : isLate(version) ? 12 : 6
    await inLanes(LANES, runs, async ({ lane, runs: share }) => {
      const next = dice(seed * 1000 + version * 10 + lane)
      // A moment by chance may come too late, which is no kill.
      for (let [run, turn, killed] = [0, 0, 0]; killed < share; run += 1) {
        const byChance = run % 4 === 3
        // Otherwise every statement in its turn, again and again.
        const fatal = byChance ? BY_CHANCE : (fast ? roll(next, step.moments) : turn * LANES + lane) % step.moments
        if (!byChance) turn += 1
        const where = `version ${version}, lane ${lane}, run ${run} of seed ${seed}`
        if (await killOnce(step, path.join(folder.path, `lane-${lane}`), fatal, next)) killed += 1
        failures.push(...look(step, path.join(folder.path, `lane-${lane}`)).map(what => `${what}: ${where}`))
      }
      kills += share
    })
  }
  const newer = fast ? 10 : 200
  for (let run = 0; run < newer; run += 1) failures.push(...refuseNewer(path.join(folder.path, `newer-${run}`), run))
  const note = `${migrations.length} migrations, ${moments} moments before and after their statements, ${kills} processes killed on the way; ${newer} newer databases refused unchanged`
  return [
    judge(
      {
        id: 'R9',
        runs: kills + newer,
        lost: failures.length,
        value: failures.length,
        unit: 'half-migrated, changed or accepted databases',
        note,
        failures,
      },
      began,
    ),
  ]
}

/** Where a mistake that is new would be: no migration before is ever changed. */
function isLate(version: number): boolean {
  return migrations.slice(-4).some(late => late.version === version)
}

async function prepare(version: number, folder: string): Promise<Step> {
  const before = path.join(folder, `before-${version}`)
  const after = path.join(folder, `after-${version}`)
  mkdirSync(before)
  if (version > 1) {
    const db = openDatabase({ file: path.join(before, DATABASE), migrations: migrations.slice(0, version - 1), now: realClock.now })
    for (let row = 0; row < ROWS; row += 1)
      db.raw.prepare('INSERT INTO meta (name, value) VALUES (?, ?)').run(`row-${row}`, 'x'.repeat(row))
    db.close()
  }
  cpSync(before, after, { recursive: true })
  const child = startChild('migrator.ts', [after, String(version)])
  await child.next()
  const moments = saidNumber(await child.next(), 'statements')
  await child.ended
  if (Number.isNaN(moments)) throw new Error(`migration ${version} does not come through: ${child.complaint()}`)
  return { version, before, schemaBefore: schemaOf(before), schemaAfter: schemaOf(after), moments }
}

/** Answers whether it was killed; a moment by chance may come too late. */
async function killOnce({ before, version }: Step, work: string, fatal: number, next: Dice): Promise<boolean> {
  rmSync(work, { recursive: true, force: true })
  cpSync(before, work, { recursive: true })
  const byChance = fatal === BY_CHANCE
  const child = startChild('migrator.ts', [work, String(version), String(fatal)], {
    onMessage: message => {
      if (byChance && said(message, 'begun') === true) setTimeout(() => child.strike('SIGKILL'), next() * LONGEST_MS)
    },
  })
  const { signal } = await child.ended
  return signal === 'SIGKILL'
}

/** The old schema or the new one; and after the next start the new one, with every row. */
function look(step: Step, work: string): string[] {
  const found: string[] = []
  const left = schemaOf(work)
  // A first start that was killed before it wrote anything leaves an empty file.
  if (left !== step.schemaBefore && left !== step.schemaAfter && !(step.version === 1 && left === EMPTY)) found.push('half migrated')
  try {
    openDatabase({ file: path.join(work, DATABASE), migrations: migrations.slice(0, step.version), now: realClock.now }).close()
  } catch (error) {
    return [...found, `the next start failed: ${String(error)}`]
  }
  if (schemaOf(work) !== step.schemaAfter) found.push('the next start did not finish it')
  const raw = new Database(path.join(work, DATABASE), { readonly: true })
  const rows = raw.prepare("SELECT count(*) FROM meta WHERE name LIKE 'row-%'").pluck().get()
  if (rows !== (step.version > 1 ? ROWS : 0)) found.push(`${String(rows)} rows left`)
  if (raw.pragma('integrity_check', { simple: true }) !== 'ok') found.push('integrity_check failed')
  raw.close()
  return found
}

const EMPTY = JSON.stringify([0, []])

/** Version and schema as they would be found now, the log included. */
function schemaOf(folder: string): string {
  try {
    const raw = new Database(path.join(folder, DATABASE), { readonly: true, fileMustExist: true })
    try {
      return JSON.stringify([
        raw.pragma('user_version', { simple: true }),
        raw.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').raw().all(),
      ])
    } finally {
      raw.close()
    }
  } catch {
    return EMPTY
  }
}

/** Every second one is left as by a kill, with the newer version in its log only. */
function refuseNewer(folder: string, run: number): string[] {
  const newest = migrations.at(-1)?.version ?? 0
  const work = path.join(folder, 'work')
  mkdirSync(work, { recursive: true })
  const made = openDatabase({ file: path.join(work, DATABASE), now: realClock.now })
  made.raw.pragma(`user_version = ${newest + 1 + run}`)
  made.raw.prepare('INSERT INTO meta (name, value) VALUES (?, ?)').run('run', String(run))
  if (run % 2 === 0) made.close()
  cpSync(work, path.join(folder, 'left'), { recursive: true })
  if (run % 2 === 1) made.close()
  const file = path.join(folder, 'left', DATABASE)
  rmSync(`${file}-shm`, { force: true })
  const before = fingerprints(file)
  let code = 'opened'
  try {
    openDatabase({ file, now: realClock.now }).close()
  } catch (error) {
    code = error instanceof AppError ? error.code : String(error)
  }
  const isUnchanged = fingerprints(file) === before
  rmSync(folder, { recursive: true })
  return code === 'app/data-newer' && isUnchanged ? [] : [`version ${newest + 1 + run}: ${code}, ${isUnchanged ? 'unchanged' : 'CHANGED'}`]
}

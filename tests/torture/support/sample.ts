import { copyFileSync, existsSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { sql } from '../../../electron/core/db/sql.ts'
import { readToken } from '../../../electron/core/store/tokens.ts'
import { type Desk, grant, openDesk, realClock } from './desk.ts'

export const DATABASE = 'keelson.db'
const NOWHERE = 'http://127.0.0.1:9'

/** Where the log ended after each generation was committed. */
export interface Sample {
  readonly folder: string
  readonly generations: number
  /** The generation that is in the database file itself, whatever becomes of the log. */
  readonly base: number
  readonly logEnds: ReadonlyMap<number, number>
}

/**
 * Makes a data folder as a killed Keelson leaves it: a database, and a log with the generations committed since. Each generation is one
 * transaction that writes the sealed tokens and a mark elsewhere, so that a torn one would show.
 */
export async function makeSample(folder: string, { base, logged }: { readonly base: number; readonly logged: number }): Promise<Sample> {
  const work = path.join(folder, 'work')
  const desk = await openDesk({ folder: work, origin: NOWHERE })
  for (let generation = 1; generation <= base; generation += 1) commit(desk, generation)
  desk.db.raw.pragma('wal_checkpoint(TRUNCATE)')
  const logEnds = new Map<number, number>()
  for (let generation = base + 1; generation <= base + logged; generation += 1) {
    commit(desk, generation)
    logEnds.set(generation, statSync(path.join(work, `${DATABASE}-wal`)).size)
  }
  for (const side of ['', '-wal']) copyFileSync(path.join(work, DATABASE + side), path.join(folder, DATABASE + side))
  await desk.close()
  rmSync(work, { recursive: true })
  return { folder, generations: base + logged, base, logEnds }
}

function commit({ db, tokens, connection }: Desk, generation: number): void {
  db.writer.tx(w => {
    const pair = { access: `access-${generation}`, refresh: refreshOf(generation) }
    tokens.save(connection.id, grant(pair, realClock.now()), { signInBy: null })
    w.run(sql`INSERT OR REPLACE INTO meta (name, value) VALUES ('torture-mark', ${String(generation)})`)
  })
}

function refreshOf(generation: number): string {
  return `refresh-${generation}-${'r'.repeat(600)}`
}

/** Puts a fresh copy of the sample into a folder that may hold an older one. */
export function copySample({ folder }: Pick<Sample, 'folder'>, to: string): void {
  for (const side of ['-shm', '-wal', '']) rmSync(path.join(to, DATABASE + side), { force: true, recursive: true })
  for (const side of ['', '-wal'])
    if (existsSync(path.join(folder, DATABASE + side))) copyFileSync(path.join(folder, DATABASE + side), path.join(to, DATABASE + side))
}

/** What a data folder holds once it is opened by the real thing. */
export interface Held {
  readonly generation: number
  /** What is torn in it; empty when nothing is. */
  readonly torn: string
}

/** Opens a data folder and reads everything of its one connection. Throws what opening throws. */
export async function readSample(folder: string): Promise<Held> {
  const desk = await openDesk({ folder, origin: NOWHERE })
  const { db, tokens, connection } = desk
  try {
    const generation = readToken(db.reader, connection.id)?.generation ?? 0
    const mark = Number(db.reader.get(sql`SELECT value FROM meta WHERE name = 'torture-mark'`)?.['value'] ?? 0)
    const refresh = tokens.revocable(connection.id)?.reveal() ?? ''
    const integrity = String(db.raw.pragma('integrity_check', { simple: true }))
    const torn = [
      integrity === 'ok' ? '' : `integrity_check: ${integrity.slice(0, 80)}`,
      mark === generation ? '' : `mark ${mark} beside generation ${generation}`,
      refresh === refreshOf(generation) ? '' : `the tokens of generation ${generation} do not open`,
    ]
    return { generation, torn: torn.filter(Boolean).join('; ') }
  } finally {
    await desk.close()
  }
}

import { spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../../../shared/contract/errors.ts'
import { getConnection } from '../../../electron/core/store/connections.ts'
import { readToken } from '../../../electron/core/store/tokens.ts'
import { type Desk, grant, openDesk, realClock } from '../support/desk.ts'
import { saidText } from '../support/said.ts'

/**
 * A Keelson whose disk fills up, or fails, at a moment of a refresh: `fuller.ts <folder> <origin> <way>`. `tmpfs` fills the file system
 * it is on, `limit` lets no write through any more. Told a pair it signs in; told a moment, `intent` or `commit`, it refreshes with the
 * disk full from there on, says what came of it, gives the room back and refreshes once more.
 */
const [folder = '', origin = '', way = 'tmpfs'] = process.argv.slice(2)
const { signal } = new AbortController()
const filler = path.join(folder, 'filler')

function fill(): void {
  if (way === 'limit') return limit('1')
  const descriptor = openSync(filler, 'w')
  for (const size of [65_536, 4096, 512]) while (wrote(descriptor, size));
  closeSync(descriptor)
}

function wrote(descriptor: number, size: number): boolean {
  try {
    return writeSync(descriptor, Buffer.alloc(size, 1)) === size
  } catch {
    return false
  }
}

function drain(): void {
  if (way === 'limit') limit('unlimited')
  else rmSync(filler, { force: true })
}

function limit(most: string): void {
  const { status, stderr } = spawnSync('prlimit', [`--pid=${process.pid}`, `--fsize=${most}:unlimited`])
  if (status !== 0) throw new Error(`prlimit: ${stderr.toString()}`)
}

let fillAfterAnswer = false
const desk = await openDesk({
  folder,
  origin,
  change: deps => ({
    ...deps,
    async refreshGrant(connection, refresh, options) {
      const answer = await deps.refreshGrant(connection, refresh, options)
      if (fillAfterAnswer) fill()
      return answer
    },
  }),
})

async function refresh({ tokens, connection }: Desk): Promise<string> {
  try {
    await tokens.refresh(connection.id, { signal })
    return 'ok'
  } catch (error) {
    return error instanceof AppError ? error.code : String(error)
  }
}

const generation = (): number => readToken(desk.db.reader, desk.connection.id)?.generation ?? 0

async function round(moment: string): Promise<void> {
  if (moment === 'intent') fill()
  fillAfterAnswer = moment === 'commit'
  const full = await refresh(desk)
  const atFull = generation()
  fillAfterAnswer = false
  process.send?.({ full, generation: atFull })
  drain()
  const after = await refresh(desk)
  const state = getConnection(desk.db.reader, desk.connection.id)?.state.kind
  const integrity = String(desk.db.raw.pragma('integrity_check', { simple: true }))
  process.send?.({ after, generation: generation(), state, integrity })
}

process.on('message', message => {
  const moment = saidText(message, 'moment')
  if (moment !== '') return void round(moment)
  desk.tokens.save(
    desk.connection.id,
    grant({ access: saidText(message, 'access'), refresh: saidText(message, 'refresh') }, realClock.now()),
    { signInBy: null },
  )
  process.send?.({ signedIn: true })
})
process.on('disconnect', () => process.exit(0))
process.send?.({ up: true })

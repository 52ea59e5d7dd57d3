import { copyFileSync, cpSync, rmSync } from 'node:fs'
import path from 'node:path'
import { startChild } from './support/child.ts'
import { CORRUPTIONS, type Corruption } from './support/corruptions.ts'
import { grant, openDesk, realClock } from './support/desk.ts'
import { fingerprint, fingerprints } from './support/files.ts'
import { tortureFolder } from './support/folder.ts'
import { atMost } from './support/lanes.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'
import { saidNumber, saidText } from './support/said.ts'
import { DATABASE } from './support/sample.ts'

const LIMIT_MS = 5000
const REFUSALS: readonly string[] = ['app/data-damaged', 'app/data-newer']

interface Outcome {
  readonly ms: number
  readonly started: boolean
  readonly failures: readonly string[]
}

/**
 * R10: every way a data folder can be wrong. The start ends within five seconds: with all there is, or with a refusal that says so and
 * leaves the original as it is. Nothing is ever begun anew silently; and the newest backup put in its place starts.
 */
export async function torture({ fast }: TortureOptions): Promise<TortureResult[]> {
  const began = performance.now()
  using folder = tortureFolder('corrupt', { inMemory: true })
  const sound = path.join(folder.path, 'sound')
  const id = await makeSound(sound)
  const cases = fast ? CORRUPTIONS.filter((_, at) => at % 6 === 0) : CORRUPTIONS
  const outcomes = await atMost(2, cases, (corruption, at) => tryOne(corruption, { sound, id, work: path.join(folder.path, String(at)) }))
  const slowest = Math.max(...outcomes.map(({ ms }) => ms))
  const failures = outcomes.flatMap(outcome => outcome.failures)
  const started = outcomes.filter(outcome => outcome.started).length
  const note = `${cases.length - started} refused with a sentence and left byte for byte, ${started} started with everything there; each has its backup put back and starts; slowest start ${Math.round(slowest)} ms`
  return [
    judge(
      {
        id: 'R10',
        runs: cases.length,
        lost: failures.length,
        value: Math.round(slowest),
        unit: 'ms, the slowest start',
        limit: LIMIT_MS,
        note,
        failures,
      },
      began,
    ),
  ]
}

async function makeSound(folder: string): Promise<string> {
  const desk = await openDesk({ folder, origin: 'http://127.0.0.1:9' })
  desk.tokens.save(desk.connection.id, grant({ access: 'access', refresh: 'refresh' }, realClock.now()), { signInBy: null })
  const { id } = desk.connection
  await desk.close()
  return id
}

interface Place {
  readonly sound: string
  readonly id: string
  readonly work: string
}

async function tryOne({ name, harmless = false, make }: Corruption, { sound, id, work }: Place): Promise<Outcome> {
  cpSync(sound, work, { recursive: true })
  const file = path.join(work, DATABASE)
  const spare = path.join(work, 'spare.db')
  copyFileSync(file, spare)
  make(file, spare)
  const before = fingerprints(file)
  const { code, ms, listed, message } = await start(work)
  const started = code === 'ok'
  const failures: string[] = []
  const fail = (what: string): void => void failures.push(`${name}: ${what}`)
  if (ms > LIMIT_MS) fail(`the start took ${Math.round(ms)} ms`)
  if (started && !listed.includes(id)) fail('it started without the connection: a silent reset')
  if (started && !harmless && fingerprint(file) !== before.split(' | ')[0] && !listed.includes(id)) fail('the original is gone')
  if (!started && (!REFUSALS.includes(code) || message === '')) fail(`no refusal of ours: ${code}`)
  if (!started && fingerprints(file) !== before) fail('refused, but CHANGED')
  if (!started && harmless) fail(`refused with ${code}, though nothing is lost`)
  const again = await restore(sound, work)
  if (again !== '' && !again.includes(id)) fail(`with the backup in its place it does not start: ${again}`)
  rmSync(work, { recursive: true })
  return { ms, started, failures }
}

/** What the sentence tells to do: the newest good copy in place of the damaged one. */
async function restore(sound: string, work: string): Promise<string> {
  const file = path.join(work, DATABASE)
  for (const side of ['', '-wal', '-shm']) rmSync(file + side, { recursive: true, force: true })
  copyFileSync(path.join(sound, DATABASE), file)
  const { code, listed } = await start(work)
  return code === 'ok' ? listed : code
}

async function start(folder: string): Promise<{ code: string; ms: number; listed: string; message: string }> {
  const child = startChild('starter.ts', [folder])
  const word = await child.next()
  await child.ended
  const ms = saidNumber(word, 'ms')
  if (word === null) return { code: `ended: ${child.complaint().slice(0, 200)}`, ms: 0, listed: '', message: '' }
  return { code: saidText(word, 'code'), ms, listed: saidText(word, 'listed'), message: saidText(word, 'message') }
}

import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../../../shared/contract/errors.ts'
import { getConnection } from '../../../electron/core/store/connections.ts'
import { readToken } from '../../../electron/core/store/tokens.ts'
import { Secret } from '../../../electron/core/vault/secret.ts'
import { type VirtualClock, virtualClock } from '../../support/virtual-clock.ts'
import { type AccessDesk, noNames, openAccess } from '../support/access.ts'
import { type RefreshedWay, WAYS } from '../support/broker-words.ts'
import { dice } from '../support/dice.ts'
import { type FaultServer, type Reply, startFaultServer } from '../support/fault-server.ts'
import { type Fault, FAULTS } from '../support/faults.ts'
import { saidNumber } from '../support/said.ts'

/**
 * Refreshes at a broker whose token endpoint does everything one can do: `faulty.ts <folder> <way>`. Told a number of rounds, which
 * faults (every `every`-th) and a seed, it says how many refreshes were told apart wrongly, ended a sign-in, or came too early.
 */
const [folder = '', wayText = '0'] = process.argv.slice(2)
const way = WAYS[Number(wayText)] ?? WAYS[0]
if (!way) throw new Error('no such way in')
const { signal } = new AbortController()
const QUARTER_MS = 900_000
const SHORT_MS = 240_000
const QUIET_TURNS = 3

interface Tally {
  cases: number
  wrong: number
  signOuts: number
  undercut: number
  failures: string[]
}

let count = 0
let slow = false
let server: FaultServer | null = null

/** Until nothing happens on any line any more. */
async function settle(): Promise<void> {
  for (let [seen, quiet] = [-1, 0]; quiet < QUIET_TURNS;) {
    await new Promise(resolve => void setTimeout(resolve, slow ? 150 : 1))
    quiet = server?.activity === seen ? quiet + 1 : 0
    seen = server?.activity ?? 0
  }
}

const isSigned = way.broker === 'etrade'
const good = (): Reply => {
  count += 1
  const tokens = { access_token: `access-${count}`, refresh_token: `refresh-${count}`, token_type: 'Bearer', expires_in: 1800 }
  return isSigned ? { headers: { 'content-type': 'text/html' }, body: 'Access Token has been renewed' } : { body: JSON.stringify(tokens) }
}

let roller = dice(1)
const clock: VirtualClock = virtualClock({ settle })
const running = await startFaultServer({ clock, next: () => roller(), good })
server = running

function signIn({ access, connection }: AccessDesk): void {
  const pair = {
    access: Secret.of('access-0'),
    refresh: isSigned ? null : Secret.of('refresh-0'),
    expiresInMs: isSigned ? null : 1_800_000,
  }
  const secret = isSigned ? { accessSecret: Secret.of('access-secret-0') } : {}
  access.tokens.save(connection.id, { ...pair, ...secret, scopes: [], receivedAt: clock.now() }, { signInBy: null })
}

async function refresh({ access, connection }: AccessDesk): Promise<string> {
  let outcome: string | null = null
  access.tokens.refresh(connection.id, { signal }).then(
    () => (outcome = 'works'),
    (error: unknown) => (outcome = error instanceof AppError ? error.code : `not an AppError: ${String(error)}`),
  )
  // What waits for no clock, such as a file or a thread, gets its time.
  while (outcome === null) {
    if (clock.pending > 0) await clock.until(() => outcome !== null || clock.pending === 0)
    else await settle()
  }
  return outcome
}

async function withDesk(at: Fault['at'], run: (desk: AccessDesk, heal: () => void) => Promise<void>): Promise<void> {
  const data = path.join(folder, String(count))
  mkdirSync(data, { recursive: true })
  count += 1
  running.treat()
  running.forget()
  // A broker with several servers wants to know all of them.
  const env: Record<string, string> = {
    KEELSON_SANDBOX_IBKR_FLEX_URL: running.origins.plain,
    KEELSON_SANDBOX_IBKR_GATEWAY_URL: running.origins.plain,
    KEELSON_SANDBOX_IBKR_TWS: '127.0.0.1:9',
  }
  const variable = `KEELSON_SANDBOX_${(way?.stand ?? '').toUpperCase().replaceAll('-', '_')}_URL`
  env[variable] = at === undefined || at === 'no-name' ? running.origins.plain : running.origins[at]
  const { broker, method } = way as RefreshedWay
  const dispatcher = at === 'no-name' ? { dispatcher: noNames() } : {}
  const desk = await openAccess({ folder: data, clock, env, broker, method, ...dispatcher })
  signIn(desk)
  try {
    await run(desk, () => {
      running.treat()
      env[variable] = running.origins.plain
    })
  } finally {
    await desk[Symbol.asyncDispose]()
    rmSync(data, { recursive: true })
  }
}

const stateOf = ({ db, connection }: AccessDesk): string => getConnection(db.reader, connection.id)?.state.kind ?? 'gone'
const generationOf = ({ db, connection }: AccessDesk): number => readToken(db.reader, connection.id)?.generation ?? 0

/** A fault that must pass: told for what it is, everything kept, no request too early, and well again by itself. */
async function passing({ name, expect, at, treat, refusal }: Fault, where: string, tally: Tally): Promise<void> {
  await withDesk(at, async (desk, heal) => {
    running.treat(treat)
    const outcome = await refresh(desk)
    slow = false
    tally.cases += 1
    if (expect === 'works' ? outcome !== 'works' : !expect.includes(outcome)) {
      tally.wrong += 1
      tally.failures.push(`${outcome} for "${name}": ${where}`)
    }
    if (expect !== 'works' && outcome !== 'works') {
      // An impatient user, and the background, while it goes on.
      await refresh(desk)
      desk.access.tokens.start()
      await clock.advance(refusal ? SHORT_MS : QUARTER_MS)
    }
    heal()
    if (at === 'no-name') return
    if (stateOf(desk) !== 'connected') {
      tally.signOuts += 1
      tally.failures.push(`signed out by "${name}": ${where}`)
      return
    }
    if (expect === 'works') return void (await refresh(desk))
    const before = generationOf(desk)
    desk.access.tokens.start()
    for (let waited = 0; waited < 110 && generationOf(desk) === before; waited += 1) {
      await clock.advance(QUARTER_MS)
      if (isSigned) await refresh(desk)
    }
    if (generationOf(desk) === before) tally.failures.push(`not well again after "${name}": ${where}`)
    if (running.undercut > 0) {
      tally.undercut += running.undercut
      tally.failures.push(`${running.undercut} requests before the broker's time after "${name}": ${where}`)
    }
  })
}

/** A refusal in words nobody knows is an answer when it stays: three times in more than ten minutes. */
async function staying({ name, treat }: Fault, where: string, tally: Tally): Promise<void> {
  await withDesk(undefined, async desk => {
    running.treat(treat)
    for (let time = 0; time < 4; time += 1) {
      await refresh(desk)
      await clock.advance(SHORT_MS)
    }
    tally.cases += 1
    if (stateOf(desk) === 'needs-sign-in') return
    tally.wrong += 1
    tally.failures.push(`still connected though "${name}" stayed: ${where}`)
  })
}

/** An answer in the broker's own words. */
async function worded(reply: Reply, codes: readonly string[], state: string, where: string, tally: Tally): Promise<void> {
  await withDesk(undefined, async desk => {
    running.treat(victim => victim.answer(reply))
    const outcome = await refresh(desk)
    tally.cases += 1
    if (codes.includes(outcome) && stateOf(desk) === state) return
    tally.wrong += 1
    if (state === 'connected' && stateOf(desk) !== 'connected') tally.signOuts += 1
    tally.failures.push(`${outcome}, ${stateOf(desk)} for ${reply.status ?? 200} ${reply.body ?? ''}: ${where}`)
  })
}

async function run(message: unknown): Promise<void> {
  const [rounds, every, seed] = [saidNumber(message, 'rounds'), saidNumber(message, 'every'), saidNumber(message, 'seed')]
  const tally: Tally = { cases: 0, wrong: 0, signOuts: 0, undercut: 0, failures: [] }
  const { name, over, app, passing: strange } = way as RefreshedWay
  for (let round = 0; round < rounds; round += 1) {
    roller = dice(seed + round)
    const where = `${name}, seed ${seed + round}`
    for (const [at, fault] of FAULTS.entries()) {
      if ((fault.json && isSigned) || (at + seed) % every !== 0) continue
      slow = fault.slow === true
      await passing(fault, where, tally)
      slow = false
      // Its sign-ins end every night anyhow.
      if (fault.refusal && !isSigned) await staying(fault, where, tally)
    }
    for (const reply of over) await worded(reply, ['auth/sign-in-needed'], 'needs-sign-in', where, tally)
    for (const reply of app) await worded(reply, ['auth/app-misconfigured'], 'connected', where, tally)
    for (const { codes, ...reply } of strange) await worded(reply, codes, 'connected', where, tally)
  }
  process.send?.(tally)
}

process.on('message', message => void run(message))
process.on('disconnect', () => process.exit(0))
process.send?.({ up: true })

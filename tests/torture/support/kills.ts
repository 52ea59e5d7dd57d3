import { type Authority, type Model, type Phase, startAuthority } from './authority.ts'
import { type Child, startChild } from './child.ts'
import { type Dice, dice, pick } from './dice.ts'
import { tortureFolder } from './folder.ts'
import { inLanes } from './lanes.ts'
import { said, saidNumber, saidText } from './said.ts'
import { sentenceFor } from './sentence.ts'

/** A run of kills in the middle of refreshes. */
export interface KillPlan {
  readonly model: Model
  readonly signal: 'SIGKILL' | 'SIGTERM'
  readonly order: 'real' | 'naive'
  readonly runs: number
  readonly seed: number
}

/** What became of the sign-in and its files. */
export interface KillTally {
  /** Processes that were struck down. */
  readonly kills: number
  /** Of these, how many between a request and its commit. */
  readonly inFlight: number
  /** Sign-ins that have to be made again. */
  readonly lost: number
  /** Of these, those whose reason is the true one and is put in words. */
  readonly explained: number
  /** Databases that did not open, or did not pass integrity_check. */
  readonly corrupt: number
  /** Refreshes that were reported saved and were not there afterwards. */
  readonly undone: number
  /** The first surprises, with what repeats them. */
  readonly failures: readonly string[]
}

/** When to strike: as the process is up, or so long after a phase of its request. */
interface Strike {
  readonly at: 'up' | 'saved' | Phase
  readonly ms: number
  /** Also while it recovers from the kill before. */
  readonly early: boolean
}

interface Lane {
  readonly authority: Authority
  readonly folder: string
  readonly plan: KillPlan
  readonly lane: number
  readonly next: Dice
  acknowledged: number
  readonly tally: { -readonly [K in keyof KillTally]: KillTally[K] extends number ? number : string[] }
}

const LANES = 3
const LONGEST_MS = 8
/** A process that is not up after this long has failed. */
const PATIENCE_MS = 60_000

/** Kills processes in the middle of refreshes, each after it recovered from the kill before, and looks what is left. */
export async function killInRefreshes(plan: KillPlan): Promise<KillTally> {
  const tallies = await inLanes(LANES, plan.runs, async ({ lane, runs }) => {
    using folder = tortureFolder(`refresh-${lane}`)
    await using authority = await startAuthority(plan.model)
    const tally = { kills: 0, inFlight: 0, lost: 0, explained: 0, corrupt: 0, undone: 0, failures: [] }
    const state: Lane = { authority, folder: folder.path, plan, lane, next: dice(plan.seed * 1000 + lane), acknowledged: 0, tally }
    for (let run = 0; run <= runs; run += 1) await once(state, run, run < runs)
    return state.tally
  })
  const sum = (part: Exclude<keyof KillTally, 'failures'>): number => tallies.reduce((total, tally) => total + tally[part], 0)
  return {
    kills: sum('kills'),
    inFlight: sum('inFlight'),
    lost: sum('lost'),
    explained: sum('explained'),
    corrupt: sum('corrupt'),
    undone: sum('undone'),
    failures: tallies.flatMap(({ failures }) => failures),
  }
}

/** One process, from its start to its end: looks at what the kill before left, and is killed unless it is the last. */
async function once(state: Lane, run: number, kill: boolean): Promise<void> {
  const { plan, authority, next, tally } = state
  const strike: Strike = {
    at: pick(next, ['up', 'asked', 'asked', 'committed', 'committed', 'committed', 'answered', 'answered', 'answered', 'saved']),
    ms: next() * LONGEST_MS,
    early: next() < 0.3,
  }
  const where = `seed ${plan.seed}, lane ${state.lane}, run ${run} (${plan.model}, ${strike.at}+${strike.ms.toFixed(1)} ms)`
  let armed = kill && strike.early
  let fired = false
  let phase: Strike['at'] = 'up'
  const fire = (): void => {
    fired = true
    const hit = (): void => {
      if (phase !== 'up' && phase !== 'saved') tally.inFlight += 1
      child.strike(plan.signal)
    }
    if (strike.ms < 1) hit()
    else setTimeout(hit, strike.ms)
  }
  const reached = (now: Strike['at']): void => {
    phase = now
    if (armed && !fired && strike.at === now) fire()
  }
  authority.onPhase(reached)
  const child = startChild('refresher.ts', [state.folder, authority.origin, plan.order], {
    onMessage(message) {
      const generation = saidNumber(message, 'generation')
      if (said(message, 'ready') === true || Number.isNaN(generation)) return
      state.acknowledged = Math.max(state.acknowledged, generation)
      if (!authority.isLive(saidText(message, 'access'))) tally.failures.push(`a dead access token was handed out: ${where}`)
      reached('saved')
    },
  })
  const up = await firstWord(child)
  if (up !== null) look(state, up, where)
  // Killed while it recovered: what it left is the next one's to find.
  else if (!kill || !strike.early) return broken(state, child, where)
  if (up !== null && saidText(up, 'state') !== 'connected') await signIn(state, child, saidText(up, 'because'))
  else if (up !== null && said(up, 'signedInBefore') !== true) await signIn(state, child, '')
  if (!kill) return stop(child)
  armed = true
  phase = 'up'
  if (!fired && strike.at === 'up') fire()
  if (up !== null) child.tell({ go: true })
  const late = setTimeout(() => child.strike(plan.signal), PATIENCE_MS)
  const end = await child.ended
  clearTimeout(late)
  tally.kills += 1
  if (plan.signal === 'SIGTERM' && end.code !== 0) tally.failures.push(`it did not end in order (${end.code ?? end.signal}): ${where}`)
}

async function firstWord(child: Child): Promise<unknown> {
  const timer = setTimeout(() => child.strike('SIGKILL'), PATIENCE_MS)
  const word = await child.next()
  clearTimeout(timer)
  return word
}

/** What the kill before left: every file whole, nothing acknowledged undone, and a sign-in that works or says why not. */
function look(state: Lane, up: unknown, where: string): void {
  const { tally } = state
  if (saidText(up, 'integrity') !== 'ok') {
    tally.corrupt += 1
    tally.failures.push(`integrity_check: ${saidText(up, 'integrity')}: ${where}`)
  }
  if (saidNumber(up, 'generation') < state.acknowledged) {
    tally.undone += 1
    tally.failures.push(`generation ${saidNumber(up, 'generation')} after ${state.acknowledged} was acknowledged: ${where}`)
  }
  if (saidText(up, 'state') === 'connected' && saidNumber(up, 'intents') > 0) tally.failures.push(`an intent was left: ${where}`)
}

/** Begins a new session; after a loss, notes whether it was explained. */
async function signIn(state: Lane, child: Child, because: string): Promise<void> {
  if (because !== '') {
    state.tally.lost += 1
    // Nobody revoked anything: a used-up token was presented, because its successor was lost with the process.
    if (because === 'lost' && sentenceFor(because) !== '') state.tally.explained += 1
  }
  child.tell(state.authority.signIn())
  const up = await child.next()
  state.acknowledged = Math.max(state.acknowledged, saidNumber(up, 'generation') || 0)
}

async function broken(state: Lane, child: Child, where: string): Promise<void> {
  await child.ended
  state.tally.corrupt += 1
  state.tally.failures.push(`it did not start (${child.complaint().slice(0, 300)}): ${where}`)
}

async function stop(child: Child): Promise<void> {
  child.strike('SIGTERM')
  await child.ended
}

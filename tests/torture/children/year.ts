import { createLog } from '../../../electron/core/log/log.ts'
import { brokers } from '../../../electron/core/brokers/registry.ts'
import { getConnection } from '../../../electron/core/store/connections.ts'
import { createSweeps } from '../../../electron/core/sync/sweeps.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { connectionHealth, type ConnectionHealth, NO_REFRESH } from '../../../shared/domain/connection-health.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { policyFor, signInEnd, warningsBefore } from '../../../shared/domain/token-policy.ts'
import { virtualClock } from '../../support/virtual-clock.ts'
import { addConnection, openDesk, realRandom } from '../support/desk.ts'
import { type Dice, dice, roll } from '../support/dice.ts'
import { nextMidnightInNewYork } from '../support/new-york.ts'
import { saidNumber } from '../support/said.ts'
import { createYearBroker, type Truth, type YearTally } from '../support/year-broker.ts'

/**
 * A year of one computer: `year.ts <folder> <monotonic> <seed>`, in the time zone of its TZ. It sleeps, told or not, somebody sets its clock by a
 * quarter of an hour and back, and once a week its user signs in again. Told a number of days and a seed, it says how the renewals went.
 */
const [folder = '', monotonic = 'stops', seedText = '1'] = process.argv.slice(2)
const chance = dice(Number(seedText) + 1)
const random = { ...realRandom, fraction: chance }
const [MINUTE_MS, HOUR_MS, DAY_MS] = [60_000, 3_600_000, 86_400_000]
const STEP_MS = 30 * MINUTE_MS
const MOST_SKEW_MS = 15 * MINUTE_MS
const LIVES = { schwab: 30 * MINUTE_MS, tastytrade: 15 * MINUTE_MS } as const
const schwabPolicy = policyFor(brokers.schwab.methods, 'oauth')
const etradePolicy = policyFor(brokers.etrade.methods, 'oauth')
const warnBeforeMs = warningsBefore(schwabPolicy.signInAgain)

let skew = 0
const clock = virtualClock({ monotonicSleeps: monotonic === 'stops' ? 'stops' : 'goes-on' })
const truth: Truth = { now: () => Instant.toEpochMs(clock.now()) - skew, wokeAt: 0, wokeHow: 'announced' }
const tally: YearTally & { weeks: number; warned: number; nights: number; midnights: number } = {
  requests: 0,
  missed: 0,
  tooOften: 0,
  weeks: 0,
  warned: 0,
  nights: 0,
  midnights: 0,
  failures: [],
}
const broker = createYearBroker(truth, tally)
const desk = await openDesk({
  folder,
  origin: 'http://127.0.0.1:9',
  clock,
  change: deps => ({
    ...deps,
    random,
    policy: ({ broker: id, method }) => policyFor(brokers[id].methods, method),
    refreshGrant: async ({ id }) => broker.refresh(id, clock.now()),
  }),
})
const { tokens, db } = desk
const schwab = desk.connection
const tastytrade = addConnection(db, clock.now(), 'tastytrade')
const sweeps = createSweeps({
  clock,
  cron: clock.cron,
  power: clock.power,
  network: clock.network,
  random,
  log: createLog(() => undefined, clock),
  sweep: options => tokens.sweep(options),
  shortLived: () => true,
})

/** One week of a sign-in that no renewal prolongs. */
let week = { until: 0, wrong: '', isOver: false, signInAt: 0 }

function signIn(connection: Connection, lifeMs: number): void {
  const isSchwab = connection.broker === 'schwab'
  const signInBy = isSchwab ? signInEnd(schwabPolicy.signInAgain, clock.now()) : null
  tokens.save(connection.id, broker.signIn(connection.id, lifeMs, isSchwab ? 7 * DAY_MS : Number.POSITIVE_INFINITY, clock.now()), {
    signInBy,
  })
}

function healthOf({ id }: Connection): ConnectionHealth {
  const [state, token] = [getConnection(db.reader, id)?.state, tokens.life(id)]
  if (!state || !token) throw new Error('the connection is gone')
  return connectionHealth({ state, token, refresh: tokens.standing(id), vault: 'open', trouble: null, warnBeforeMs }, clock.now())
}

/** Every half hour that somebody could look: is the user warned as the end comes near, and told when it has come? */
function look(next: Dice): void {
  for (const session of broker.sessions.values()) broker.look(session)
  const left = week.until - truth.now()
  const { kind, severity } = healthOf(schwab)
  // The clock may be off by as much as it is set.
  const slackMs = 2 * MOST_SKEW_MS
  const wrong =
    (left > 48 * HOUR_MS + slackMs && severity !== 'good') ||
    (left < 48 * HOUR_MS - slackMs && left > slackMs && severity === 'good') ||
    (left < 2 * HOUR_MS - slackMs && left > slackMs && severity !== 'warning') ||
    (left < -slackMs && kind !== 'sign-in-needed')
  if (wrong) week.wrong ||= `${kind} and ${severity} ${(left / HOUR_MS).toFixed(1)} h before its end`
  if (left < -slackMs) week.isOver = true
  if (truth.now() < week.signInAt) return
  if (week.isOver) {
    tally.weeks += 1
    if (week.wrong === '') tally.warned += 1
    else tally.failures.push(`the week that ended ${new Date(week.until).toISOString()} was not announced rightly: ${week.wrong}`)
  }
  beginWeek(next)
}

function beginWeek(next: Dice): void {
  signIn(schwab, LIVES.schwab)
  const until = truth.now() + 7 * DAY_MS
  week = { until, wrong: '', isOver: false, signInAt: until + HOUR_MS + next() * 12 * HOUR_MS }
}

/** A sign-in that ends at midnight Eastern: announced two hours before, over on the minute, whatever the zone of this computer. */
function lookAtMidnight(): void {
  const at = clock.now()
  const end = signInEnd(etradePolicy.signInAgain, at)
  tally.nights += 1
  if (end === null || Instant.toEpochMs(end) !== nextMidnightInNewYork(Instant.toEpochMs(at))) {
    tally.failures.push(`the night after ${at} ends ${end}`)
    return
  }
  const token = { obtainedAt: at, expiresAt: end, signInBy: end, refreshable: false }
  const facts = { state: { kind: 'connected' }, token, refresh: NO_REFRESH, vault: 'open', trouble: null } as const
  const health = (ms: number): ConnectionHealth =>
    connectionHealth({ ...facts, warnBeforeMs: warningsBefore(etradePolicy.signInAgain) }, Instant.plus(end, ms))
  const isRight = health(-1).kind !== 'sign-in-needed' && health(-MINUTE_MS).severity === 'warning' && health(0).because === 'expired'
  if (isRight) tally.midnights += 1
  else tally.failures.push(`the night that ends ${end} is not told rightly`)
}

async function liveOneDay(next: Dice): Promise<void> {
  // Set back and put to sleep in one half hour, neither of its clocks knows how long a computer slept.
  const sleepAt = 1 + roll(next, 23)
  lookAtMidnight()
  if (next() < 0.2) {
    const wanted = Math.round((next() * 2 - 1) * MOST_SKEW_MS)
    clock.set(wanted - skew)
    skew = wanted
  }
  const end = truth.now() + DAY_MS
  for (let half = 0; truth.now() < end; half += 1) {
    if (half === sleepAt * 2) await sleep(next)
    else await clock.advance(STEP_MS)
    look(next)
  }
}

async function sleep(next: Dice): Promise<void> {
  const announced = next() < 0.7
  const ms = Math.round(next() * 9 * HOUR_MS)
  const wakes = truth.now() + ms
  truth.wokeAt = wakes
  truth.wokeHow = announced ? 'announced' : 'silent'
  await clock.sleep(ms, { announced })
  await clock.advance(STEP_MS)
}

async function run(message: unknown): Promise<void> {
  const [days, seed] = [saidNumber(message, 'days'), saidNumber(message, 'seed')]
  const next = dice(seed)
  beginWeek(next)
  signIn(tastytrade, LIVES.tastytrade)
  clock.power.onSuspend(tokens.pause)
  clock.power.onResume(tokens.resume)
  tokens.start()
  sweeps.start()
  for (let day = 0; day < days; day += 1) await liveOneDay(next)
  process.send?.({ ...tally, zone: Intl.DateTimeFormat().resolvedOptions().timeZone })
}

process.on('message', message => void run(message))
process.on('disconnect', () => process.exit(0))
process.send?.({ up: true })

import type { FindingView, HealthSummary } from '../../../shared/contract/health.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { StoredRevocation } from '../store/revocations.ts'
import { type BrokerName, endAccess, finding, fix, inWords } from './finding.ts'

/** What is known of Keelson itself, its computer and its calls. */
export interface MachineFacts extends Pick<HealthSummary, 'sla' | 'calls' | 'limits' | 'clock' | 'vault' | 'storage'> {
  readonly now: Instant
  readonly hours: number
  readonly brokerName: BrokerName
  readonly isPaused: boolean
  /** What is wrong with the record of orders; null while nothing is known to be. */
  readonly recordProblem: string | null
  /** The last hours were as they should be, whatever came before. */
  readonly worksAgain: boolean
  /** Accesses disconnected here that their brokers may still honour. */
  readonly pending: readonly Pick<StoredRevocation, 'id' | 'broker'>[]
  /** Hosts nobody asks for a while because they failed again and again. */
  readonly resting: readonly { readonly host: string; readonly leftMs: number }[]
  /** Connections whose sign-in lies in the locked vault. */
  readonly lockedOut: number
  /** When the oldest connection was made; null without one. */
  readonly since: Instant | null
}

const DAY_MS = 86_400_000
const BACKUP_AGE_MS = 3 * DAY_MS
const MB = 1024 * 1024
const FREE_DANGER = 100 * MB
const FREE_WARNING = 1024 * MB
/** A signature made with a clock this far off is refused by some brokers. */
const DRIFT_WARNING_MS = 30_000
const DRIFT_DANGER_MS = 300_000
/** Fewer calls than this say nothing. */
const ENOUGH_CALLS = 20
const FAILING_SHARE = 0.25
const LIMITED_SHARE = 0.05

/** What is worth saying that belongs to no single connection. */
export function machineFindings(facts: MachineFacts): FindingView[] {
  return [vaultFinding(facts), recordFinding(facts), slaFinding(facts), pausedFinding(facts), clockFinding(facts), diskFinding(facts), backupFinding(facts)]
    .filter(found => found !== null)
    .concat(pendingFindings(facts), limitFindings(facts), restingFindings(facts), callFindings(facts))
}

function vaultFinding({ vault, lockedOut }: MachineFacts): FindingView | null {
  if (vault.state === 'locked') {
    const sentence = `${vault.notice ?? 'Its key cannot be opened at the moment.'} Nothing is lost; syncing stops until it opens.`
    return finding('vault-locked', lockedOut > 0 ? 'danger' : 'warning', 'The vault is locked', sentence, fix('unlock'))
  }
  if (vault.notice === null) return null
  return finding('vault-weak', vault.protection === 'memory' ? 'warning' : 'notice', 'The vault is guarded less than usual', vault.notice)
}

function recordFinding({ recordProblem }: MachineFacts): FindingView | null {
  if (recordProblem === null) return null
  const sentence = `${recordProblem} No order is sent. Look at your orders at the broker, then take the record as it is at the foot of Orders, or with keelson audit verify and keelson audit accept.`
  return finding('record', 'danger', 'The record of orders is not sound', sentence)
}

function slaFinding({ sla, worksAgain }: MachineFacts): FindingView | null {
  const { standing, day, month } = sla
  if (standing === 'alert') {
    const since = worksAgain ? ' What ran in the last three hours worked.' : ''
    const sentence = `Of ${day.runs} refreshes and syncs fewer than ${percent(sla.alertBelow)} came back whole.${since}`
    return finding(
      'sla-alert',
      worksAgain ? 'warning' : 'danger',
      `Only ${percent(day.rate)} of the last 24 hours worked`,
      sentence,
      fix('open'),
    )
  }
  if (standing !== 'below-target') return null
  const sentence = `Of ${month.runs} refreshes and syncs of 30 days ${percent(month.rate)} came back whole; the aim is more than ${percent(sla.target)}.`
  return finding('sla-target', 'notice', 'Less reliable than it should be', sentence, fix('open'))
}

function pausedFinding({ isPaused }: MachineFacts): FindingView | null {
  return isPaused
    ? finding('sync-paused', 'notice', 'Syncing is paused', 'Nothing syncs by itself until you resume it.', fix('resume'))
    : null
}

function clockFinding({ clock: { driftMs } }: MachineFacts): FindingView | null {
  if (driftMs === null || Math.abs(driftMs) < DRIFT_WARNING_MS) return null
  const way = driftMs > 0 ? 'ahead of' : 'behind'
  const sentence = `It is ${inWords(Math.abs(driftMs))} ${way} the brokers' clocks. Set it to the network's time: signatures and deadlines depend on it.`
  return finding('clock-off', Math.abs(driftMs) < DRIFT_DANGER_MS ? 'warning' : 'danger', "This computer's clock is off", sentence)
}

function diskFinding({ storage: { freeBytes } }: MachineFacts): FindingView | null {
  if (freeBytes === null || freeBytes >= FREE_WARNING) return null
  const sentence = `${Math.floor(freeBytes / MB)} MB are free where Keelson keeps its data. Free some space before saving fails.`
  return finding('disk-low', freeBytes < FREE_DANGER ? 'danger' : 'warning', 'The disk is almost full', sentence)
}

function backupFinding({ storage: { lastBackupAt }, since, now }: MachineFacts): FindingView | null {
  const age = (at: Instant): number => Instant.msBetween(at, now)
  if (since === null || age(since) < BACKUP_AGE_MS || (lastBackupAt !== null && age(lastBackupAt) < BACKUP_AGE_MS)) return null
  const title = lastBackupAt === null ? 'There is no backup yet' : `The last backup is ${inWords(age(lastBackupAt))} old`
  return finding('backup-old', 'warning', title, 'Keelson copies its data once a day while it runs.', fix('backup'))
}

function pendingFindings({ pending, brokerName }: MachineFacts): FindingView[] {
  return pending.map(({ id, broker }) => {
    const sentence = `It is disconnected and wiped here, but ${brokerName(broker)} has not confirmed that the access is over. Keelson asks again for a week.`
    return finding(`end-access:${id}`, 'notice', `An access at ${brokerName(broker)} is still to be ended`, sentence, endAccess(id))
  })
}

function restingFindings({ resting }: MachineFacts): FindingView[] {
  return resting.map(({ host, leftMs }) => {
    const name = host === 'local' ? 'A program of yours' : host
    return finding(
      `resting:${host}`,
      'notice',
      `${name} is left alone for now`,
      `It failed again and again. Keelson asks again in ${inWords(leftMs)}.`,
    )
  })
}

function limitFindings({ limits, brokerName, now }: MachineFacts): FindingView[] {
  return limits.flatMap(({ broker, environment, method, pausedUntil }) => {
    if (pausedUntil === null) return []
    const sentence = `Keelson waits ${inWords(Instant.msBetween(now, pausedUntil))} more, as it was asked to, and goes on by itself.`
    return [finding(`paused:${broker}:${environment}:${method ?? ''}`, 'notice', `${brokerName(broker)} asked to slow down`, sentence)]
  })
}

function callFindings({ calls, brokerName, hours }: MachineFacts): FindingView[] {
  const within = hours === 1 ? 'the last hour' : `the last ${hours} hours`
  return calls.hosts.flatMap(({ broker, environment, host, calls: made, failed, limited }) => {
    if (made < ENOUGH_CALLS) return []
    const id = `${broker}:${environment}:${host}`
    if (failed >= made * FAILING_SHARE) {
      const sentence = `${failed} of ${made} calls${host === 'local' ? '' : ` to ${host}`} in ${within} had no answer, or one that says the broker has a problem. Keelson tries again by itself.`
      return [finding(`calls:${id}`, 'warning', `${brokerName(broker)} is hard to reach`, sentence)]
    }
    if (limited < made * LIMITED_SHARE) return []
    return [
      finding(
        `limited:${id}`,
        'notice',
        `${brokerName(broker)} often asks to slow down`,
        `${limited} of ${made} calls in ${within} were put off.`,
      ),
    ]
  })
}

function percent(rate: number | null): string {
  return rate === null ? 'none' : `${Math.floor(rate * 1000) / 10} %`
}

import type { Screen } from '../../shared/contract/screens.ts'
import type { ConnectionView } from '../../shared/contract/schemas.ts'
import type { BrokerId } from '../../shared/domain/broker.ts'
import { SEVERITIES, type Severity } from '../../shared/domain/connection-health.ts'
import { Instant } from '../../shared/domain/time.ts'
import { formatDuration } from '../../shared/words/duration.ts'
import { needsUser, standingOf } from '../../shared/words/standing.ts'
import { connectionStatus } from '../../shared/words/status.ts'
import { tokenText } from '../../shared/words/token.ts'

/** What the tray is told. Nothing of the user's is in it while the app lock is closed. */
export type TrayFacts =
  { readonly kind: 'starting' } | { readonly kind: 'locked' } | { readonly kind: 'failed'; readonly message: string } | OpenFacts

export interface OpenFacts {
  readonly kind: 'open'
  readonly connections: readonly ConnectionView[]
  readonly brokerName: (broker: BrokerId) => string
  /** The worst of all findings, also of those about no connection. */
  readonly severity: Severity
  readonly paused: boolean
  readonly nextAt: Instant | null
  readonly unread: number
  /** Null where nothing takes orders, or where that is not known. */
  readonly trading: TrayTrading | null
  readonly isSafeMode: boolean
  /** Of an update that is ready; null without one. */
  readonly updateVersion: string | null
}

/** How ordering stands. */
export interface TrayTrading {
  readonly isStopped: boolean
  /** Requests of programs and orders in doubt. */
  readonly waiting: number
}

export const TRAY_ICONS = ['good', 'notice', 'warning', 'danger', 'paused', 'locked', 'safe'] as const
export type TrayIcon = (typeof TRAY_ICONS)[number]

export type TrayDeed =
  | { readonly do: 'show'; readonly screen: Screen | null }
  | { readonly do: 'sync' }
  | { readonly do: 'pause'; readonly paused: boolean }
  | { readonly do: 'kill' }
  | { readonly do: 'quit' }

/** A line of the menu; one without a deed only says something. */
export type TrayItem = { readonly label: string; readonly deed: TrayDeed | null } | 'line'

export interface TrayModel {
  readonly icon: TrayIcon
  readonly tooltip: string
  readonly items: readonly TrayItem[]
}

/** More would make the menu longer than a screen. */
const MOST_LINES = 15
/** Windows cuts a tooltip at 127 characters. */
const LONGEST_TOOLTIP = 120
const OPEN: TrayItem = { label: 'Open Keelson', deed: { do: 'show', screen: null } }
const KILL: TrayItem = { label: 'Stop all trading', deed: { do: 'kill' } }
const QUIT: TrayItem = { label: 'Quit Keelson', deed: { do: 'quit' } }

/** What the tray shows at a moment. */
export function trayModel(facts: TrayFacts, now: Instant): TrayModel {
  switch (facts.kind) {
    case 'starting':
      return plain('good', 'Keelson is starting')
    case 'failed':
      return plain('danger', facts.message)
    case 'locked':
      // Stopping tells nothing of anybody, and is what somebody at the desk may need at once.
      return plain('locked', 'Keelson is locked', [KILL, 'line'])
    case 'open':
      return { icon: iconOf(facts, now), tooltip: tooltipOf(facts, now), items: menuOf(facts, now) }
  }
}

function plain(icon: TrayIcon, says: string, more: readonly TrayItem[] = []): TrayModel {
  return { icon, tooltip: clipped(says), items: [said(says), 'line', ...more, OPEN, QUIT] }
}

function iconOf(facts: OpenFacts, now: Instant): TrayIcon {
  if (facts.isSafeMode) return 'safe'
  const severity = worstNow(facts, now)
  return facts.paused && (severity === 'good' || severity === 'notice') ? 'paused' : severity
}

/** What was read a while ago may have become worse since. */
function worstNow({ connections, severity }: OpenFacts, now: Instant): Severity {
  return connections.reduce((worst, connection) => worse(worst, standingOf(connection, now).severity), severity)
}

function worse(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) < SEVERITIES.indexOf(b) ? b : a
}

function menuOf(facts: OpenFacts, now: Instant): TrayItem[] {
  const { isSafeMode, updateVersion, unread } = facts
  const update: TrayItem = {
    label: `Install version ${updateVersion ?? ''}`,
    deed: { do: 'show', screen: { page: 'settings', act: 'update' } },
  }
  const notices: TrayItem = { label: counted(unread, 'notice'), deed: { do: 'show', screen: { page: 'overview', act: 'notices' } } }
  return [
    ...(isSafeMode ? [said('Safe mode: nothing runs in the background')] : []),
    ...connectionItems(facts, now),
    'line',
    unread > 0 ? notices : said('No notices'),
    'line',
    ...syncItems(facts, now),
    'line',
    ...tradingItems(facts),
    OPEN,
    ...(updateVersion === null ? [] : [update]),
    QUIT,
  ]
}

function connectionItems({ connections, brokerName }: OpenFacts, now: Instant): TrayItem[] {
  if (connections.length === 0) return [said('No broker connected')]
  const rank = (connection: ConnectionView): number => SEVERITIES.indexOf(standingOf(connection, now).severity)
  const listed = connections.toSorted((a, b) => rank(b) - rank(a) || endMs(a) - endMs(b)).slice(0, MOST_LINES)
  const items = listed.map((connection): TrayItem => ({
    label: connectionLine(connection, brokerName, now),
    deed: { do: 'show', screen: screenOf(connection, now) },
  }))
  const more = connections.length - listed.length
  return more > 0 ? [...items, { label: `${counted(more, 'more connection')}`, deed: { do: 'show', screen: { page: 'overview' } } }] : items
}

/** When its user has to act at the latest; never, for one that does not end. */
function endMs({ health: { deadline } }: ConnectionView): number {
  return deadline === null ? Number.MAX_SAFE_INTEGER : Date.parse(deadline)
}

/** Where a connection is looked after: with the sign-in open when only that helps. */
function screenOf({ id, ...connection }: ConnectionView, now: Instant): Screen {
  return needsUser(standingOf(connection, now))
    ? { page: 'brokers', connectionId: id, act: 'reconnect' }
    : { page: 'overview', connectionId: id }
}

function connectionLine(connection: ConnectionView, brokerName: OpenFacts['brokerName'], now: Instant): string {
  const broker = brokerName(connection.broker)
  const own = connection.label === '' ? broker : connection.label
  const name = connection.environment === 'live' ? own : `${own} (${connection.environment})`
  const status = connectionStatus(connection, now)
  if (status.kind === 'files') return `${name}: ${status.word}`
  const { kind, badge, label, stamp } = tokenText(connection, broker, now)
  const isWaiting = kind === 'transient' || kind === 'ambiguous'
  const isEnded = status.kind === 'disconnected'
  // A sync under way hides no sign-in that is needed.
  const word = connection.syncing && !isEnded && status.kind !== 'locked' ? 'Syncing' : status.word
  const more = isEnded ? ` ${stamp}` : isWaiting || badge === 'no-expiry' ? `, ${stamp}` : ''
  return `${name}: ${word}. ${label}${stamp === '' ? '' : more}`
}

function syncItems({ connections, paused, nextAt, isSafeMode }: OpenFacts, now: Instant): TrayItem[] {
  const ready = connections.filter(isSyncable)
  const isUnderWay = connections.some(({ syncing }) => syncing)
  const sync: TrayItem = {
    label: ready.length === 0 && isUnderWay ? 'Syncing' : 'Sync now',
    deed: ready.length === 0 ? null : { do: 'sync' },
  }
  const toggle: TrayItem = { label: paused ? 'Resume syncing' : 'Pause syncing', deed: { do: 'pause', paused: !paused } }
  const next = paused ? 'Syncing is paused' : nextAt === null ? null : `Next sync ${untilWords(Instant.msBetween(now, nextAt))}`
  // In safe mode nothing comes by itself, so there is nothing to pause.
  if (isSafeMode) return [sync]
  return [...(next === null || connections.length === 0 ? [] : [said(next)]), sync, toggle]
}

function tradingItems({ trading }: OpenFacts): TrayItem[] {
  if (trading === null) return []
  const { isStopped, waiting } = trading
  const orders: TrayItem = {
    label: waiting === 0 ? 'Orders' : `${counted(waiting, 'order')} ${waiting === 1 ? 'waits' : 'wait'} for you`,
    deed: { do: 'show', screen: { page: 'orders' } },
  }
  const rearm: TrayItem = { label: 'Take the kill switch back…', deed: { do: 'show', screen: { page: 'orders', act: 'rearm' } } }
  return [orders, ...(isStopped ? [said('All trading is stopped'), rearm] : [KILL]), 'line']
}

function untilWords(ms: number): string {
  return ms <= 0 ? 'now' : `in ${formatDuration(ms)}`
}

/** A connection a sync can help: signed in, with something to ask, and not syncing already. */
export function isSyncable({ method, state, syncing }: Pick<ConnectionView, 'method' | 'state' | 'syncing'>): boolean {
  return method !== 'file' && state.kind === 'connected' && !syncing
}

function tooltipOf(facts: OpenFacts, now: Instant): string {
  if (facts.isSafeMode) return 'Keelson is in safe mode: nothing runs in the background'
  const { connections, brokerName, paused, trading } = facts
  const ended = connections.filter(connection => needsUser(standingOf(connection, now)))
  const [first] = ended
  const name = first ? (first.label === '' ? brokerName(first.broker) : first.label) : ''
  const asks = ended.length > 1 ? `${ended.length} brokers need a sign-in` : ended.length === 1 ? `${name} needs a sign-in` : null
  const worst = worstNow(facts, now)
  const stopped = trading?.isStopped ? 'all trading is stopped' : null
  const state = worst === 'good' || worst === 'notice' ? `${counted(connections.length, 'broker connection')}` : 'something needs a look'
  return clipped(`Keelson: ${stopped ?? asks ?? (paused ? 'syncing is paused' : state)}`)
}

function said(label: string): TrayItem {
  return { label, deed: null }
}

function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`
}

function clipped(text: string): string {
  return text.length > LONGEST_TOOLTIP ? `${text.slice(0, LONGEST_TOOLTIP - 1)}…` : text
}

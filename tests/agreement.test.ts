import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { brokers } from '../electron/core/brokers/registry.ts'
import { nextNoticeAt, wantedNotices } from '../electron/core/notices/wanted.ts'
import { connectionFindings } from '../electron/core/services/connection-findings.ts'
import { nameOf } from '../electron/core/services/finding.ts'
import { machineFindings } from '../electron/core/services/machine-findings.ts'
import { status } from '../electron/headless/commands/status.ts'
import { momentWords } from '../electron/headless/moment.ts'
import type { Client } from '../electron/headless/wire.ts'
import { type OpenFacts, type TrayModel, trayModel } from '../electron/shell/tray-model.ts'
import { connectionStatus, formatExact, tokenText } from '../renderer/lib/format/index.ts'
import { standingOf } from '../shared/words/standing.ts'
import { attention, needingSignIn } from '../renderer/state/attention.ts'
import type { FindingView } from '../shared/contract/health.ts'
import type { ConnectionView } from '../shared/contract/schemas.ts'
import type { BrokerId } from '../shared/domain/broker.ts'
import { type ConnectionHealth, SEVERITIES, type Severity, worstOf } from '../shared/domain/connection-health.ts'
import { Instant } from '../shared/domain/time.ts'
import { type Case, caseId, cases, settle, VAULT, viewOf } from './support/connection-cases.ts'
import { fakeTerminal } from './headless/support/fake-terminal.ts'

const id = caseId
const reader = fakeTerminal()
const RUNS = Number(process.env['KEELSON_AGREEMENT_RUNS'] ?? 1500)

/** What `keelson status` prints of it: the access and what comes next. */
async function commandLine(view: ConnectionView, now: Instant): Promise<{ readonly access: string; readonly next: string }> {
  const terminal = fakeTerminal()
  const answers: Readonly<Record<string, unknown>> = {
    'app.status': { version: '1', host: 'test', vault: { state: 'open', ...VAULT }, now, sandbox: { running: false } },
    'connections.list': [view],
    'revocations.list': [],
  }
  const client = { request: (route: string) => Promise.resolve(answers[route]) } as unknown as Client
  await status({ client, terminal, json: false, signal: new AbortController().signal })
  const cells = (terminal.output.at(-1) ?? '').split('\n').at(-1)?.split(/ {2,}/) ?? []
  return { access: cells[2] ?? '', next: cells[3] ?? '' }
}

const nothing = { runs: 0, rate: null }
const calls = { calls: 0, failed: 0, limited: 0, bytes: 0, p50: null, p95: null }
const brokerName = (broker: BrokerId): string => brokers[broker].name

function findingsOf(view: ConnectionView, vault: Case['vault'], now: Instant): FindingView[] {
  return [
    ...machineFindings({
      now,
      hours: 24,
      brokerName,
      isPaused: false,
      recordProblem: null,
      worksAgain: false,
      pending: [],
      resting: [],
      since: null,
      limits: [],
      lockedOut: view.health.kind === 'locked' ? 1 : 0,
      sla: { standing: 'unknown', day: nothing, month: nothing, alertBelow: 0.9, target: 0.99, enoughRuns: 10, environments: null },
      calls: { ...calls, bandError: 0.09, hosts: [] },
      clock: { driftMs: null, asOf: null },
      vault: { state: vault, ...VAULT },
      storage: { bytes: 1, freeBytes: null, schemaVersion: 3, backups: 0, lastBackupAt: null, lastCheckAt: null },
    }),
    ...connectionFindings({ connections: [view], brokerName, now, isVaultLocked: vault === 'locked' }),
  ]
}

const TRAY: Omit<OpenFacts, 'connections' | 'severity' | 'unread'> = {
  kind: 'open',
  brokerName,
  paused: false,
  nextAt: null,
  isSafeMode: false,
  updateVersion: null,
  trading: null,
}

/** What the tray shows of connections, and of one the line in its menu with where that leads. */
function inTray(connections: readonly ConnectionView[], findings: readonly FindingView[], now: Instant) {
  const model: TrayModel = trayModel({ ...TRAY, connections, severity: worstOf(findings), unread: 0 }, now)
  const [first] = model.items
  if (first === undefined || first === 'line') throw new Error('the tray names no connection')
  return { icon: model.icon, tooltip: model.tooltip, line: first.label, screen: first.deed?.do === 'show' ? first.deed.screen : null }
}

/** What every place says of a case, side by side. */
async function said(given: Case) {
  settle(given)
  const { now, vault } = given
  const view = viewOf(given)
  const findings = findingsOf(view, vault, now)
  return {
    now,
    view,
    health: view.health,
    token: tokenText(view, brokerName(view.broker), now),
    word: connectionStatus(view, now),
    attention: attention(view, now),
    line: await commandLine(view, now),
    tray: worstOf([view.health]),
    icon: inTray([view], findings, now),
    findings,
    /** The findings about its access alone. */
    access: findings.filter(({ id: name }) => /^(?:sign-in|locked|vault-locked|ambiguous|trouble|ends-soon)\b/.test(name)),
    notices: wantedNotices({ findings, connections: [view], nameOf: one => nameOf(one, brokerName) }, now),
  }
}
type Said = Awaited<ReturnType<typeof said>>

/** What has to be true of a case, each by a name that says what is wrong when it is not. */
type Claims = Readonly<Record<string, boolean>>

const implies = (when: boolean, then: () => boolean): boolean => !when || then()
const isFile = ({ view }: Said): boolean => view.method === 'file'
const atLeast = (severity: Severity, floor: Severity): boolean => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(floor)
/** Sentences that say a sign-in is over. A broker's deadline that is still ahead is none. */
const OVER =
  /expired|\bended\b|ran out|run out|come to its end|sign-in needed|needs a sign-in|disconnected|\brevoked\b|was lost|no longer be used/i

function everyWord({ token, word, line, access, notices, icon }: Said): string {
  const { label, stamp, tooltip, detail, name, badge } = token
  const told = [
    ...access.map(one => `${one.id} ${one.title} ${one.sentence}`),
    ...notices.filter(({ kind }) => kind !== 'sync' && kind !== 'way-in').map(one => `${one.title} ${one.body}`),
  ]
  return [label, stamp, tooltip, detail ?? '', name, badge, word.word, line.access, line.next, icon.line, icon.tooltip, ...told].join('\n')
}

const ALWAYS: readonly (readonly [string, (all: Said, given: Case) => Claims])[] = [
  [
    'ask for a sign-in together, or none of them does',
    ({ health, token, word, line, findings, notices, view, now, attention: rank, tray, icon }) => {
      const isOver = health.kind === 'sign-in-needed' || health.kind === 'revoked'
      const found = findings.filter(({ id: name }) => name === `sign-in:${id}`)
      const told = notices.filter(({ topic }) => topic === `sign-in:${id}`)
      return {
        'its word': (word.word === 'Disconnected') === isOver,
        'its badge': ['Sign-in needed', 'Sign-in expired'].includes(token.label) === isOver,
        'the colour of its badge': (token.tone === 'bad') === isOver,
        'the kind of its badge': (token.badge === 'expired') === isOver,
        'the order of the cards': (rank === 0) === isOver,
        'the banner': (needingSignIn([view], now).length === 1) === isOver,
        'the command line': /^(?:sign-in-needed|revoked)\b/.test(line.access) === isOver,
        'why, on the command line': implies(isOver, () => line.next === health.because),
        'the tray': (tray === 'danger') === isOver,
        'the icon of the tray': implies(isOver, () => icon.icon === 'danger'),
        'what the icon says': icon.tooltip.endsWith(' needs a sign-in') === isOver,
        'the line in the menu of the tray': icon.line.includes(': Disconnected.') === isOver,
        'where that line leads': (icon.screen?.act === 'reconnect') === isOver,
        'the finding':
          found.length === Number(isOver) && found.every(({ severity, fix }) => severity === 'danger' && fix?.kind === 'reconnect'),
        'the notice':
          told.length === Number(isOver) && told.every(({ severity, action }) => severity === 'danger' && action.kind === 'reconnect'),
      }
    },
  ],

  [
    'call nothing ended that is not',
    all => ({
      'no word of an end': implies(all.health.kind !== 'sign-in-needed' && all.health.kind !== 'revoked', () => !OVER.test(everyWord(all))),
    }),
  ],

  [
    'speak of a locked vault together',
    ({ health, token, word, line, access, notices, icon }) => {
      const isLocked = health.kind === 'locked'
      return {
        'its word': (word.word === 'Locked') === isLocked,
        'its badge': (token.label === 'Vault locked') === isLocked,
        'the colour of its badge': implies(isLocked, () => token.tone === 'warn'),
        'the command line': /^locked\b/.test(line.access) === isLocked,
        'the line in the menu of the tray': icon.line.includes(': Locked.') === isLocked,
        'one finding': implies(isLocked, () => access.filter(({ fix }) => fix?.kind === 'unlock').length === 1),
        'one notice': implies(
          isLocked,
          () => notices.filter(({ kind, action }) => kind === 'vault' && action.kind === 'unlock').length === 1,
        ),
      }
    },
  ],

  [
    'weigh it alike',
    ({ tray, health, access, findings, token, word, notices, attention: rank, icon }) => {
      const isVault = health.kind === 'locked' || access.some(({ id: name }) => name === 'vault-locked')
      const matters = atLeast(tray, 'warning')
      const ofAccess = notices.filter(({ kind }) => kind !== 'sync' && kind !== 'way-in')
      return {
        'the findings are as bad as the tray': isVault || worstOf(access) === tray,
        'the findings are no better than the tray': atLeast(worstOf(access), tray),
        'the icon of the tray': icon.icon === worstOf(findings),
        'the words of the tray': implies(matters, () => !/broker connection/.test(icon.tooltip)),
        'the line in the menu of the tray': icon.line.includes(`. ${token.label}`),
        'a badge with a colour': implies(matters, () => token.tone === 'warn' || token.tone === 'bad'),
        'a card among the first': implies(matters, () => rank <= 1),
        'a notice': implies(matters, () => ofAccess.some(({ severity }) => atLeast(severity, 'warning'))),
        'a reason for an error': implies(word.kind === 'error', () => findings.length > 0),
        'no notice worse than the tray': ofAccess.every(
          ({ severity, kind }) => kind === 'vault' || severity === 'notice' || atLeast(tray, severity),
        ),
      }
    },
  ],

  [
    'name the same moment to sign in by, and say it in time',
    ({ health: { deadline, because, kind, retryAt, warnBeforeMs }, token, line, access, notices, now, view }) => {
      const expiry = notices.filter(one => one.kind === 'expiry')
      if (deadline === null || because !== null) return { 'no notice without an end': expiry.length === 0 }
      const left = Instant.msBetween(now, deadline)
      const isNear = kind !== 'locked' && warnBeforeMs.some(ms => left <= ms)
      const next = nextNoticeAt([view], now)
      return {
        'the window': token.tooltip.includes(formatExact(deadline)),
        'the command line': line.next === (retryAt === null ? `sign in by ${momentWords(deadline, reader)}` : `tried again ${momentWords(retryAt, reader)}`),
        'the notice': expiry.every(({ topic, action }) => topic.startsWith(`expiry:${id}:${deadline}:`) && action.kind === 'reconnect'),
        'the next look': next !== null && Instant.isBefore(now, next) && !Instant.isBefore(deadline, next),
        'a notice in time': implies(isNear, () => expiry.length === 1),
        'a finding in time': access.some(({ id: name, fix }) => name === `ends-soon:${id}` && fix?.kind === 'reconnect') === isNear,
      }
    },
  ],

  [
    'tell the same of a failure that passes',
    ({ health: { kind, because, retryAt, severity, lastError }, token, line, access, view }) => {
      if (kind !== 'transient' && kind !== 'ambiguous') return {}
      const message = kind === 'transient' ? (lastError?.message ?? view.trouble?.message ?? '') : ''
      return {
        'no reason for a sign-in': because === null,
        'the command line': line.access.startsWith(kind),
        'the next try on the command line': retryAt === null || line.next === `tried again ${momentWords(retryAt, reader)}`,
        'the next try in the window': retryAt === null || token.tooltip.includes(formatExact(retryAt)),
        'one finding that tries it again':
          access
            .filter(({ fix }) => fix?.kind === 'retry')
            .map(one => one.severity)
            .join(' ') === severity,
        'the sentence': access.some(({ sentence }) => sentence.includes(message)),
      }
    },
  ],

  [
    'stay of one mind while the clock runs, without a new reading',
    ({ view, health, now }, given) => {
      const until = health.deadline === null ? given.later : Math.max(0, Math.min(given.later, Instant.msBetween(now, health.deadline) - 1))
      return {
        'at once': isSame(standingOf(view, now), health),
        later: isSame(standingOf(view, Instant.plus(now, until)), viewOf(given, until).health),
      }
    },
  ],
]

describe('the window, the tray, the command line, the Health screen and the notices', () => {
  // Files have no access that could end, so nothing is claimed of them.
  test.each(ALWAYS)('%s', (_, claims) =>
    fc.assert(
      fc.asyncProperty(cases, async given => {
        const all = await said(given)
        const wrong = isFile(all) ? [] : Object.entries(claims(all, given)).flatMap(([name, holds]) => (holds ? [] : [name]))
        expect(wrong).toEqual([])
      }),
      { numRuns: RUNS },
    ),
  )
})

function isSame(a: ConnectionHealth, b: ConnectionHealth): boolean {
  return (['kind', 'severity', 'badge', 'because', 'deadline', 'retryAt'] as const).every(name => a[name] === b[name])
}

test('the tray shows the worst of all connections, and a danger is a card that says so', () =>
  fc.assert(
    fc.asyncProperty(fc.array(cases, { minLength: 1, maxLength: 6 }), async many => {
      const all: Said[] = []
      for (const one of many) all.push(await said({ ...one, now: many[0]?.now ?? one.now }))
      const shown = all.filter(one => !isFile(one))
      const tray = worstOf(shown.map(({ health }) => health))
      expect([...shown.map(one => one.tray), 'good']).toContain(tray)
      expect(shown.some(({ word }) => word.word === 'Disconnected')).toBe(tray === 'danger')
      const [first] = shown
      if (!first) return
      // Of many the one that needs somebody most comes first, with its own words.
      const menu = inTray(
        shown.map(({ view }) => view),
        shown.flatMap(({ findings }) => findings),
        first.now,
      )
      expect(menu.line.includes(': Disconnected.')).toBe(tray === 'danger')
    }),
    { numRuns: Math.ceil(RUNS / 10) },
  ))

import type { FindingView, HealthSummary, RunStatsView } from '../../../shared/contract/health.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { momentWords } from '../moment.ts'
import { formatTable } from '../table.ts'
import type { CommandContext } from './context.ts'

export interface HealthOptions {
  readonly hours: number
}

/** `keelson health`: findings with their way out, then the figures. Ends with 6 when a finding is a danger. */
export async function health({ client, terminal, json, signal }: CommandContext, { hours }: HealthOptions): Promise<ExitCode> {
  const summary = await client.request('health.summary', { hours }, signal)
  terminal.out(json ? JSON.stringify(summary) : describe(summary, terminal).join('\n'))
  return summary.severity === 'danger' ? EXIT.unhealthy : EXIT.ok
}

/** `keelson backup`: today's backup, now. */
export async function backup({ client, terminal, json, signal }: CommandContext): Promise<ExitCode> {
  const done = await client.request('storage.backup', {}, signal)
  const sentence = done.made ? "Today's backup is made." : "Today's backup is there already."
  terminal.out(json ? JSON.stringify(done) : sentence)
  return EXIT.ok
}

function describe(summary: HealthSummary, reader: Pick<CommandContext['terminal'], 'zone'>): string[] {
  const { findings, hours, sla, clock, calls, storage, tokens } = summary
  const span = hours === 1 ? 'last hour' : `last ${hours} hours`
  const runs = [
    ['', 'runs', 'whole', 'average', 'p95', 'given up'],
    runLine('refreshes', summary.refreshes),
    runLine('syncs', summary.syncs),
    runLine('sign-ins, tests', summary.connecting),
  ]
  const when = (at: HealthSummary['storage']['lastBackupAt']): string => (at === null ? 'none' : momentWords(at, reader))
  return [
    findings.length === 0 ? 'All is well.' : findings.map(finding => findingLines(finding, summary)).join('\n'),
    '',
    `Reliability: ${percent(sla.day.rate)} of ${sla.day.runs} in 24 hours, ${percent(sla.month.rate)} of ${sla.month.runs} in 30 days (${sla.standing})`,
    '',
    `In the ${span}:`,
    formatTable(runs, [1, 2, 3, 4, 5]),
    `Calls: ${calls.calls}, ${calls.failed} failed, ${calls.limited} put off, half within ${inMs(calls.p50?.ms)}, 95 % within ${inMs(calls.p95?.ms)} (±9 %)`,
    '',
    `Sign-ins: ${tokens.map(({ name, kind }) => `${name} ${kind}`).join(', ') || 'none'}`,
    `Clock: ${clock.driftMs === null ? 'not compared yet' : `${(clock.driftMs / 1000).toFixed(1)} s off`}`,
    `Last backup: ${when(storage.lastBackupAt)}. Last check: ${when(storage.lastCheckAt)}.`,
  ]
}

function findingLines(finding: FindingView, summary: HealthSummary): string {
  const { severity, title, sentence } = finding
  const wayOut = commandOf(finding, summary)
  return `${severity.padEnd(7)}  ${title}\n         ${sentence}${wayOut === null ? '' : `\n         ${wayOut}`}`
}

/** The command that does what the button of a finding does. */
function commandOf({ fix }: FindingView, { tokens }: HealthSummary): string | null {
  if (fix === null) return null
  const id = fix.connectionId ?? ''
  switch (fix.kind) {
    case 'reconnect': {
      const found = tokens.find(({ connectionId }) => connectionId === id)
      return found ? `keelson connect ${found.broker} --environment ${found.environment} --reconnect ${id}` : null
    }
    case 'sync':
    case 'retry':
      return `keelson sync ${id}`
    case 'unlock':
      return 'keelson vault --unlock'
    case 'backup':
      return 'keelson backup'
    case 'open':
      return 'keelson diagnostics'
    case 'end-access':
    case 'resume':
      // These have their switches in the window only.
      return null
  }
}

function runLine(name: string, { runs, rate, averageMs, p95Ms, canceled }: RunStatsView): string[] {
  return [name, String(runs), percent(rate), inMs(averageMs), inMs(p95Ms), String(canceled)]
}

function percent(rate: number | null): string {
  return rate === null ? '-' : `${(Math.floor(rate * 1000) / 10).toFixed(1)} %`
}

function inMs(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? '-' : `${Math.round(ms)} ms`
}

import { create } from 'zustand'
import type { FindingView, HealthSummary } from '../../shared/contract/health.ts'
import type { OutputOf } from '../../shared/contract/routes.ts'
import { api } from './api.ts'
import { createReplacingLoader, createLoader, dataOf, idle, type Remote } from './remote.ts'

export const PERIODS = [
  { hours: 24, label: '24 hours' },
  { hours: 168, label: '7 days' },
  { hours: 720, label: '30 days' },
] as const
export type PeriodHours = (typeof PERIODS)[number]['hours']
const WEEK_HOURS = 168

export type Diagnostics = OutputOf<'diagnostics.preview'>

interface HealthState {
  /** The hours the page's figures are about. */
  readonly hours: PeriodHours
  readonly summary: Remote<HealthSummary>
  /** The same over seven days, for its success rate. */
  readonly week: Remote<HealthSummary>
  readonly diagnostics: Remote<Diagnostics>
}

/** How Keelson is doing: findings, success rates, calls, limits, clock and storage. */
export const useHealth = create<HealthState>()(() => ({ hours: 24, summary: idle, week: idle, diagnostics: idle }))

export const refreshHealth = createReplacingLoader<HealthState, HealthSummary>(
  useHealth,
  { get: state => state.summary, put: summary => ({ summary }) },
  signal => api().request('health.summary', { hours: useHealth.getState().hours }, { signal }),
)

export const refreshWeek = createLoader<HealthState, HealthSummary>(useHealth, { get: state => state.week, put: week => ({ week }) }, () =>
  api().request('health.summary', { hours: WEEK_HOURS }),
)

/** Everything the health page shows, read again. */
export async function refreshHealthPage(): Promise<void> {
  await Promise.all([refreshHealth(), refreshWeek()])
}

export async function setPeriod(hours: PeriodHours): Promise<void> {
  useHealth.setState({ hours })
  await refreshHealth()
}

/** What a diagnostics file holds at this moment. Rejects with BridgeError. */
export function fetchDiagnostics(): Promise<Diagnostics> {
  return api().request('diagnostics.preview', {})
}

/** Reads what a diagnostics file would hold now. */
export const readDiagnostics = createLoader<HealthState, Diagnostics>(
  useHealth,
  { get: state => state.diagnostics, put: diagnostics => ({ diagnostics }) },
  fetchDiagnostics,
)

/** Copies the database into the backups folder; false when today's copy is there. Rejects with BridgeError. */
export async function backUpNow(): Promise<boolean> {
  const { made } = await api().request('storage.backup', {})
  await refreshHealth()
  return made
}

/** Findings that ask for something, for the rail. */
export function pressing(summary: HealthSummary | undefined): FindingView[] {
  return summary?.findings.filter(({ severity }) => severity === 'warning' || severity === 'danger') ?? []
}

/** Runs and their share that came back whole, of the environments the reliability figures are about; null when nothing ran. */
export function rateOf({ brokers, sla }: HealthSummary): { readonly runs: number; readonly rate: number | null } {
  const counted = brokers.filter(({ environment }) => sla.environments === null || sla.environments.includes(environment))
  const parts = counted.flatMap(({ refresh, sync }) => [refresh, sync])
  const runs = parts.reduce((sum, part) => sum + part.runs, 0)
  const succeeded = parts.reduce((sum, part) => sum + part.succeeded, 0)
  return { runs, rate: runs === 0 ? null : succeeded / runs }
}

/** The findings as they stand, when they are known. */
export function useFindings(): readonly FindingView[] | undefined {
  return useHealth(state => dataOf(state.summary)?.findings)
}

import type { ReactNode } from 'react'
import type { HealthSummary } from '../../../shared/contract/health.ts'
import { environmentWord, formatCount, formatMs, formatShare, plural } from '../../lib/format/index.ts'
import { rateOf, useHealth } from '../../state/health.ts'
import { dataOf } from '../../state/remote.ts'

interface RatesProps {
  readonly summary: HealthSummary
}

/** How much of what ran came back whole, against the aim. */
export function Rates({ summary }: RatesProps) {
  const { sla, calls } = summary
  const week = useHealth(state => dataOf(state.week))
  const of = sla.environments === null ? '' : `, ${sla.environments.map(one => environmentWord(one).toLowerCase()).join(' and ')} only`
  return (
    <section className="kpis" aria-label="Success rate">
      <Rate label="Success, 24 hours" figures={sla.day} summary={summary} of={of} />
      <Rate label="Success, 7 days" figures={week ? rateOf(week) : undefined} summary={summary} of={of} />
      <Rate label="Success, 30 days" figures={sla.month} summary={summary} of={of} />
      <Tile label="Broker answers, median" under={answered(calls)}>
        <div className="figure">{calls.p50 ? formatMs(calls.p50.ms) : '—'}</div>
      </Tile>
    </section>
  )
}

function answered({ calls, failed, p95 }: HealthSummary['calls']): string {
  if (calls === 0) return 'No broker was asked in this time.'
  return `${plural(calls, 'call')}, ${failed === 0 ? 'none' : formatCount(failed)} failed. 95 % within ${p95 ? formatMs(p95.ms) : '—'}.`
}

interface RateProps extends RatesProps {
  readonly label: string
  readonly figures: { readonly runs: number; readonly rate: number | null } | undefined
  readonly of: string
}

function Rate({ label, figures, summary, of }: RateProps) {
  const { alertBelow, target, enoughRuns } = summary.sla
  if (figures?.rate === undefined || figures.rate === null) {
    return (
      <Tile label={label} under={figures ? 'Nothing ran in this time.' : 'Being counted.'}>
        <div className="figure">—</div>
      </Tile>
    )
  }
  const { rate, runs } = figures
  const few = runs < enoughRuns
  const standing = few
    ? 'too few to judge'
    : rate < alertBelow
      ? `below ${formatShare(alertBelow)}`
      : rate > target
        ? 'aim met'
        : `aim is over ${formatShare(target)}`
  const tone = few ? 'neutral' : rate < alertBelow ? 'bad' : rate > target ? 'good' : 'warn'
  return (
    <Tile label={label} under={`${plural(runs, 'run')}${of}; ${standing}.`}>
      <div className={`figure ${tone === 'bad' ? 'bad' : ''}`}>{formatShare(rate)}</div>
      <div className={`meter ${tone}`} aria-hidden="true">
        <i style={{ width: `${rate * 100}%` }} />
        <b style={{ left: `${alertBelow * 100}%` }} />
        <b style={{ left: `${target * 100}%` }} />
      </div>
    </Tile>
  )
}

function Tile({ label, under, children }: { readonly label: string; readonly under: string; readonly children: ReactNode }) {
  return (
    <div className="kpi">
      <div className="label">{label}</div>
      {children}
      <div className="under">{under}</div>
    </div>
  )
}

import { type ReactNode, useEffect } from 'react'
import type { WorthView } from '../../../shared/contract/portfolio.ts'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import {
  environmentWord,
  formatChange,
  formatExact,
  formatMoment,
  formatMoney,
  formatPercent,
  plural,
  toneOf,
} from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { useShownEnvironment } from '../../state/environment.ts'
import { type Overview, refreshOverview, usePortfolio } from '../../state/portfolio.ts'
import { dataOf } from '../../state/remote.ts'
import { show } from '../../state/surface.ts'
import { netLiquidation } from '../../state/totals.ts'
import { EnvBadge } from '../../ui/badges.tsx'
import { Button, Tip } from '../../ui/Button.tsx'

/** The figures a trader asks for first: worth, today, what was made in all and this year, and whether the ledger agrees with the brokers. */
export function Kpis({ connections }: { readonly connections: readonly ConnectionView[] }) {
  const environment = useShownEnvironment()
  const overview = usePortfolio(state => state.overview)
  useEffect(() => {
    if (environment !== undefined) void refreshOverview()
  }, [environment])
  const data = dataOf(overview)
  const waiting = overview.status === 'failed' ? 'Could not be read.' : 'Being read.'
  return (
    <section className={overview.status === 'ready' && overview.problem ? 'kpis five stale' : 'kpis five'} aria-label="Key figures">
      <NetLiquidationKpi connections={connections} />
      <TodayKpi data={data} waiting={waiting} />
      <TotalKpi data={data} waiting={waiting} />
      <RealisedKpi data={data} waiting={waiting} />
      <AgreementKpi data={data} waiting={waiting} />
    </section>
  )
}

function Kpi({ label, under, children }: { readonly label: ReactNode; readonly under: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="kpi">
      <div className="label">{label}</div>
      {children}
      <div className="under">{under}</div>
    </div>
  )
}

/** One figure for each currency: the first large, the others below it. */
function Figures({ texts }: { readonly texts: readonly { readonly currency: string; readonly text: string; readonly tone?: string }[] }) {
  return texts.map(({ currency, text, tone = '' }, index) => (
    <div key={currency} className={`figure ${index === 0 ? '' : 'second'} ${text.length > 15 ? 'long' : ''} ${tone}`}>
      {text}
    </div>
  ))
}

function NetLiquidationKpi({ connections }: { readonly connections: readonly ConnectionView[] }) {
  const now = useNow(10)
  const figures = netLiquidation(connections, useShownEnvironment())
  if (!figures || figures.totals.length === 0) {
    return (
      <Kpi label="Net liquidation" under="No account has stated a value yet.">
        <div className="figure">—</div>
      </Kpi>
    )
  }
  const missing = figures.accounts - figures.stated
  const parts = [
    figures.asOf ? `As of ${formatMoment(figures.asOf, now)}` : `Over ${plural(figures.stated, 'account')}`,
    figures.totals.length > 1 ? `in ${figures.totals.length} currencies` : '',
    missing > 0 ? `${plural(missing, 'account states', 'accounts state')} no value` : '',
    figures.excluded > 0 ? `${plural(figures.excluded, 'account')} excluded` : '',
    figures.leftOut.length > 0 ? `${figures.leftOut.map(environmentWord).join(' and ')} left out` : '',
  ].filter(Boolean)
  const tip =
    figures.asOf && figures.fetchedAt
      ? `As of ${formatExact(figures.asOf)}, fetched ${formatExact(figures.fetchedAt)}. The oldest figure counts.`
      : 'The oldest figure counts.'
  return (
    <Kpi
      label={
        <>
          Net liquidation <EnvBadge environment={figures.environment} />
        </>
      }
      under={
        <Tip text={tip}>
          <span>{parts.join('; ')}</span>
        </Tip>
      }
    >
      <Figures texts={figures.totals.map(({ amount, currency }) => ({ currency, text: formatMoney(amount, currency) }))} />
    </Kpi>
  )
}

interface ReadProps {
  readonly data: Overview | undefined
  readonly waiting: string
}

function NoFigure({ label, because }: { readonly label: string; readonly because: string }) {
  return (
    <Kpi label={label} under={because}>
      <div className="figure">—</div>
    </Kpi>
  )
}

function TodayKpi({ data, waiting }: ReadProps) {
  const known = data?.totals.filter(({ day }) => day.amount !== null) ?? []
  const because = data?.totals.find(({ day }) => day.because !== null)?.day.because
  if (known.length === 0)
    return <NoFigure label="Today" because={data ? (because ?? 'No value of the day before is known yet.') : waiting} />
  const first = known[0]
  const under = [
    first?.dayPercent ? formatPercent(first.dayPercent, { sign: 'always' }) : '',
    'without deposits and withdrawals',
    because ? `${because}` : '',
  ].filter(Boolean)
  return (
    <Kpi label="Today" under={under.join('; ')}>
      <Figures
        texts={known.map(({ day, currency }) => ({
          currency,
          text: day.amount === null ? '—' : formatMoney(day.amount, currency, { sign: 'always' }),
          tone: toneOf(day.amount),
        }))}
      />
    </Kpi>
  )
}

/** What was made over the whole history: realised and not, with income, less fees charged apart from trades. */
function TotalKpi({ data, waiting }: ReadProps) {
  const known = data?.totals.filter(({ total }) => total.amount !== null) ?? []
  const because = data?.totals.find(({ total }) => total.amount === null)?.total.because
  if (known.length === 0) return <NoFigure label="Total result" because={data ? (because ?? 'Nothing was closed yet.') : waiting} />
  const open = known.map(({ unrealized, currency }) => formatChange(unrealized.amount, currency)).join(' and ')
  return (
    <Kpi label="Total result" under={[`${open} of it unrealised`, because ?? ''].filter(Boolean).join('; ')}>
      <Figures
        texts={known.map(({ total, currency }) => ({ currency, text: formatChange(total.amount, currency), tone: toneOf(total.amount) }))}
      />
    </Kpi>
  )
}

function RealisedKpi({ data, waiting }: ReadProps) {
  const known = data?.totals.filter(({ unread }) => unread === 0) ?? []
  // A history that is missing is why there is no total either.
  const because = data?.totals.find(({ unread }) => unread > 0)?.total.because
  const lacking = known.reduce((sum, { unmeasured }) => sum + unmeasured, 0)
  if (known.length === 0) return <NoFigure label="Realised this year" because={data ? (because ?? 'Nothing was closed yet.') : waiting} />
  return (
    <Kpi
      label="Realised this year"
      under={`${feesOf(known)}${lacking > 0 ? `; ${plural(lacking, 'sale')} of unknown cost left out` : ''}`}
    >
      <Figures
        texts={known.map(({ realizedThisYear, currency }) => ({
          currency,
          text: formatChange(realizedThisYear, currency),
          tone: toneOf(realizedThisYear),
        }))}
      />
    </Kpi>
  )
}

function feesOf(totals: readonly WorthView[]): string {
  const charged = totals.filter(({ feesThisYear }) => !Dec.isZero(feesThisYear))
  if (charged.length === 0) return 'no fees stated'
  return `after ${charged.map(({ feesThisYear, currency }) => formatMoney(feesThisYear, currency)).join(' and ')} fees`
}

function AgreementKpi({ data, waiting }: ReadProps) {
  const now = useNow(30)
  if (!data) return <NoFigure label="Ledger against brokers" because={waiting} />
  const { agree, accounts, drifts, worst, checkedAt } = data.reconciled
  if (accounts === 0) return <NoFigure label="Ledger against brokers" because="Compared after the first sync." />
  const checked = checkedAt ? `compared ${formatMoment(checkedAt, now)}` : 'not compared yet'
  return (
    <Kpi
      label="Ledger against brokers"
      under={
        drifts === 0 ? (
          [agree === 0 ? '' : agree < accounts ? 'Quantities and cash agree' : 'All quantities and all cash agree', checked]
            .filter(Boolean)
            .join('; ')
        ) : (
          <Button
            variant="ghost"
            className="kpi-link"
            onClick={() => show({ kind: 'differences', accountId: null, symbol: null })}
            aria-label={`${plural(drifts, 'difference')}${worst ? `: ${worst}` : ''}. Show them`}
          >
            {`${plural(drifts, 'difference')}${worst ? `: ${worst}` : ''}`}
          </Button>
        )
      }
    >
      <div className={`figure ${drifts === 0 ? '' : 'warn'}`}>{`${agree} of ${accounts}`}</div>
    </Kpi>
  )
}

import { CHARTS_PAGE } from '../../../shared/words/charts.ts'
import { type ReactNode, useMemo } from 'react'
import type { DayResult, ResultView } from '../../../shared/contract/ledger.ts'
import { useNow } from '../../state/clock.ts'
import { refreshPart, setResultFilter, usePerformance } from '../../state/performance.ts'
import { dataOf } from '../../state/remote.ts'
import { Part } from '../../ui/Part.tsx'
import { Calendar } from './Calendar.tsx'
import { EquityPanel } from './EquityPanel.tsx'
import { changedResults } from './filter.ts'
import { MonthsPanel } from './MonthsPanel.tsx'
import { ResultKpis } from './ResultKpis.tsx'
import { SymbolTable, TagTable } from './ResultTables.tsx'
import { Statistics } from './Statistics.tsx'
import { Trips } from './Trips.tsx'

/** Everything there is to say about the results in one currency. */
export function Panels({ result }: { readonly result: ResultView }) {
  const { currency } = result
  const { equity, days, symbols, tags, statistics, filter } = usePerformance()
  const now = useNow(30)
  const mine = <T extends { readonly currency: string }>(rows: readonly T[]) => rows.filter(row => row.currency === currency)
  return (
    <div className="stack-l">
      <ResultKpis result={result} statistics={dataOf(statistics)?.find(one => one.currency === currency)} />
      <Panel title="Equity curve">
        <Part of={equity} now={now} label="Loading the curve" heights={[260]} onRetry={() => void refreshPart.equity()}>
          {data => <EquityPanel equity={data} currency={currency} />}
        </Part>
      </Panel>
      <Panel title="Calendar">
        <Part of={days} now={now} label="Loading the days" heights={[260]} onRetry={() => void refreshPart.days()}>
          {data => <Days days={data} currency={currency} show={mineOf => <Calendar days={mineOf} />} />}
        </Part>
      </Panel>
      <div className="halves">
        <Panel title="By month">
          <Part of={days} now={now} label="Loading the months" heights={[220]} onRetry={() => void refreshPart.days()}>
            {data => <Days days={data} currency={currency} show={mineOf => <MonthsPanel days={mineOf} currency={currency} />} />}
          </Part>
        </Panel>
        <Panel title="Statistics">
          <Part of={statistics} now={now} label="Loading the statistics" heights={[220]} onRetry={() => void refreshPart.statistics()}>
            {data => <Statistics statistics={data.find(one => one.currency === currency)} />}
          </Part>
        </Panel>
      </div>
      <Panel title="By symbol">
        <Part of={symbols} now={now} label="Loading the symbols" heights={[22, 22, 22]} onRetry={() => void refreshPart.symbols()}>
          {data => <SymbolTable rows={mine(data)} onPick={symbol => void setResultFilter(changedResults(filter, { symbol }))} />}
        </Part>
      </Panel>
      <Panel title="By tag">
        <Part of={tags} now={now} label="Loading the tags" heights={[22, 22]} onRetry={() => void refreshPart.tags()}>
          {data => <TagTable rows={mine(data)} onPick={tag => void setResultFilter(changedResults(filter, { tag }))} />}
        </Part>
      </Panel>
      <Trips />
      <p className="stamp">
        Curves drawn by TradingView Lightweight Charts™, Copyright © 2025 TradingView, Inc.{' '}
        <a href={CHARTS_PAGE} target="_blank" rel="noreferrer noopener">
          {CHARTS_PAGE}
        </a>
      </p>
    </div>
  )
}

interface DaysProps {
  readonly days: readonly DayResult[]
  readonly currency: string
  readonly show: (days: readonly DayResult[]) => ReactNode
}

/** The days of one currency; the same list until they change, so that nothing is drawn twice. */
function Days({ days, currency, show }: DaysProps) {
  const mine = useMemo(() => days.filter(day => day.currency === currency), [days, currency])
  return show(mine)
}

function Panel({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="panel part table-panel" aria-label={title}>
      <div className="panel-head">
        <h2>{title}</h2>
      </div>
      <div className="part-body">{children}</div>
    </section>
  )
}

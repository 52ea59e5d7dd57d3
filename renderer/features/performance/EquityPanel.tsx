import { useMemo, useState } from 'react'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { axisTexts, formatChange, formatDate, formatKnown, formatMoney, formatWeekday } from '../../lib/format/index.ts'
import type { Equity } from '../../state/performance.ts'
import { Chart } from '../../ui/charts/Chart.tsx'
import { Icon } from '../../ui/icons.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'
import { Segments } from '../../ui/Segments.tsx'

type Points = Equity[number]['points']
type View = 'realized' | 'worth'

const VIEWS: readonly { readonly value: View; readonly label: string }[] = [
  { value: 'realized', label: 'Result' },
  { value: 'worth', label: 'Net liquidation' },
]

const placeText = (day: string) => (LocalDate.is(day) ? formatDate(day) : day)

/** What was made until each day, or what the brokers said all was worth on it. */
export function EquityPanel({ equity, currency }: { readonly equity: Equity; readonly currency: string }) {
  const [view, setView] = useState<View>('realized')
  const points = useMemo(() => {
    const all = equity.find(one => one.currency === currency)?.points ?? []
    return view === 'realized' ? all : all.filter(({ netLiquidation }) => netLiquidation !== null)
  }, [equity, currency, view])
  return (
    <div className="stack">
      <div className="row between wrap">
        <Segments label="Curve of" value={view} options={VIEWS} onChange={setView} />
        <span className="stamp">
          {view === 'realized' ? 'Realised, with dividends, interest and fees' : 'As the brokers stated it, on days they were asked'}
        </span>
      </div>
      {points.length === 0 ? <None view={view} /> : <Curve points={points} currency={currency} view={view} />}
    </div>
  )
}

function None({ view }: { readonly view: View }) {
  return (
    <p className="note info">
      <Icon name="info" />
      <span>
        {view === 'realized'
          ? 'Nothing was closed and nothing paid in this time.'
          : 'No broker stated a value in this time. Each sync keeps one for its day.'}
      </span>
    </p>
  )
}

function Curve({ points, currency, view }: { readonly points: Points; readonly currency: string; readonly view: View }) {
  const places = useMemo(() => points.map(({ day }) => day), [points])
  const series = useMemo(
    () => [
      {
        name: `${view === 'realized' ? 'Result' : 'Net liquidation'}, ${currency}`,
        token: '--accent',
        values: points.map(({ realized, netLiquidation }) => asNumber(view === 'realized' ? realized : netLiquidation)),
      },
    ],
    [points, view, currency],
  )
  const describe = (index: number) => {
    const point = points[index]
    if (!point) return ''
    return view === 'realized'
      ? `${formatWeekday(point.day)}: ${formatChange(point.realized, currency)} until then`
      : `${formatWeekday(point.day)}: ${formatKnown(point.netLiquidation, currency)}`
  }
  return (
    <Chart
      kind="lines"
      label={view === 'realized' ? 'Result until each day' : 'Net liquidation by day'}
      places={places}
      series={series}
      axisTexts={axisTexts}
      placeText={placeText}
      describe={describe}
      table={<Table points={points} currency={currency} />}
    />
  )
}

/** For the drawing alone: figures in words stay exact. */
function asNumber(value: Dec | null): number | null {
  return value === null ? null : Number(value)
}

const SHOWN = 400

function Table({ points, currency }: { readonly points: Points; readonly currency: string }) {
  const newest = points.toReversed().slice(0, SHOWN)
  return (
    <div className="chart-table">
      <ScrollTable label="Table of the curve">
        <table className="grid figures-grid">
          <thead>
            <tr>
              <th scope="col" className="plain">
                Day
              </th>
              <th scope="col" className="plain r">
                Result until then
              </th>
              <th scope="col" className="plain r">
                Net liquidation
              </th>
            </tr>
          </thead>
          <tbody>
            {newest.map(({ day, realized, netLiquidation }) => (
              <tr key={day}>
                <th scope="row">{formatWeekday(day)}</th>
                <td className="r">{formatMoney(realized, currency, { sign: 'always' })}</td>
                <td className="r">{netLiquidation === null ? 'not asked' : formatMoney(netLiquidation, currency)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollTable>
      {points.length > SHOWN ? (
        <p className="stamp">{`The newest ${SHOWN} of ${points.length} days. The export has all of them.`}</p>
      ) : null}
    </div>
  )
}

import type { StatisticsView } from '../../../shared/contract/ledger.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import { formatDecimal, formatMoney, formatPercent, plural, toneOf } from '../../lib/format/index.ts'

type Fact = readonly [name: string, value: string, tone?: string, because?: string | null]

/** What the round trips come to. */
export function Statistics({ statistics }: { readonly statistics: StatisticsView | undefined }) {
  if (!statistics || statistics.trips === 0) return <p className="sub">Nothing to count yet: no round trip was closed in this time.</p>
  return (
    <dl className="facts statistics">
      {factsOf(statistics).map(([name, value, tone, because]) => (
        <div key={name} className="fact">
          <dt>{name}</dt>
          <dd className={`num ${tone ?? ''}`}>
            {value}
            {because ? <span className="stamp because">{because}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function factsOf(one: StatisticsView): Fact[] {
  const { currency, excursion } = one
  const money = (value: Dec | null): [string, string] => [
    value === null ? 'unknown' : formatMoney(value, currency, { sign: 'always' }),
    toneOf(value),
  ]
  const plain = (value: Dec) => formatMoney(value, currency)
  return [
    ['Round trips', String(one.trips)],
    ['Won, lost, even', `${one.wins}, ${one.losses}, ${one.flat}`],
    ['Of unknown cost', one.unknown === 0 ? 'none' : plural(one.unknown, 'round trip'), one.unknown === 0 ? '' : 'warn'],
    ['Win rate', one.winRate === null ? 'unknown' : formatPercent(one.winRate, { max: 1 })],
    ['Average win', ...money(one.averageWin)],
    ['Average loss', ...money(one.averageLoss)],
    ['Gross profit', plain(one.grossProfit)],
    ['Gross loss', plain(one.grossLoss)],
    ['Profit factor', one.profitFactor === null ? 'no loss to divide by' : formatDecimal(one.profitFactor, { min: 2, max: 2 })],
    ['Expectancy', ...money(one.expectancy)],
    ['Best', ...money(one.best)],
    ['Worst', ...money(one.worst)],
    ['Largest drawdown', one.maxDrawdown === null ? 'unknown' : plain(one.maxDrawdown)],
    ['Days held on average', one.averageDaysHeld === null ? 'unknown' : formatDecimal(one.averageDaysHeld, { max: 1 })],
    ['Fees', plain(one.fees)],
    ['Went against, at most', ...money(excursion.adverse), excursion.because ?? sampled(excursion.samples)],
    ['Went for, at most', ...money(excursion.favorable), excursion.because ?? sampled(excursion.samples)],
  ]
}

function sampled(samples: number): string {
  return `by ${plural(samples, 'price')} seen with syncs`
}

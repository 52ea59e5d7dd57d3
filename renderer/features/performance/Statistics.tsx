import type { StatisticsView } from '../../../shared/contract/ledger.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import { formatCount, formatDecimal, formatFees, formatMoney, formatPercent, plural, toneOf } from '../../lib/format/index.ts'

type Fact = readonly [name: string, value: string, tone?: string]

/** What the round trips come to. */
export function Statistics({ statistics }: { readonly statistics: StatisticsView | undefined }) {
  if (!statistics || statistics.trips === 0) return <p className="sub">Nothing to count yet: no round trip was closed in this time.</p>
  const { because, samples } = statistics.excursion
  return (
    <div className="stack">
      <dl className="facts statistics">
        {factsOf(statistics).map(([name, value, tone]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd className={`num ${tone ?? ''}`}>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="stamp">
        Of round trips that were closed, each with all it made on the day it ended; so is the drawdown. What was closed of those still open
        is in the result above, not here.
      </p>
      <p className="stamp">{`Paper loss and gain: ${because ?? `by ${plural(samples, 'price')} seen with syncs.`}`}</p>
    </div>
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
    ['Round trips', formatCount(one.trips)],
    ['Won, lost, even', `${formatCount(one.wins)}, ${formatCount(one.losses)}, ${formatCount(one.flat)}`],
    ...(one.unknown === 0 ? [] : [['Of unknown cost', plural(one.unknown, 'round trip'), 'warn'] satisfies Fact]),
    ['Win rate', one.winRate === null ? 'unknown' : formatPercent(one.winRate, { places: 1 })],
    ['Days held on average', one.averageDaysHeld === null ? 'unknown' : formatDecimal(one.averageDaysHeld, { max: 1 })],
    ['Average win', ...money(one.averageWin)],
    ['Average loss', ...money(one.averageLoss)],
    ['Gross profit', plain(one.grossProfit)],
    ['Gross loss', plain(one.grossLoss)],
    ['Profit factor', one.profitFactor === null ? 'no loss to divide by' : formatDecimal(one.profitFactor, { min: 2, max: 2 })],
    ['Expectancy', ...money(one.expectancy)],
    ['Best', ...money(one.best)],
    ['Worst', ...money(one.worst)],
    ['Largest drawdown', one.maxDrawdown === null ? 'unknown' : plain(one.maxDrawdown)],
    ['Fees', formatFees(one.fees, currency)],
    ['Worst paper loss (MAE)', ...money(excursion.adverse)],
    ['Best paper gain (MFE)', ...money(excursion.favorable)],
  ]
}

import type { ReactNode } from 'react'
import type { ResultView, StatisticsView } from '../../../shared/contract/ledger.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { formatDecimal, formatMoney, formatPercent, plural, toneOf } from '../../lib/format/index.ts'

interface KpisProps {
  readonly result: ResultView
  readonly statistics: StatisticsView | undefined
}

/** Brokers leave a fee of nothing out as they do one they charge apart. */
function feesWords(fees: Dec, currency: string): string {
  return Dec.isZero(fees) ? 'no fees stated inside' : `after ${formatMoney(fees, currency)} fees`
}

/** The four figures of the results. */
export function ResultKpis({ result, statistics }: KpisProps) {
  const { currency, realized, fees, closings, unknown } = result
  const known = statistics && statistics.wins + statistics.losses + statistics.flat > 0 ? statistics : undefined
  return (
    <section className="kpis" aria-label="Result">
      <Tile
        label="Realised"
        tone={toneOf(realized)}
        under={`${plural(closings, 'closing')}, ${feesWords(fees, currency)}${unknown > 0 ? `; ${plural(unknown, 'closing')} of unknown cost left out` : ''}`}
      >
        {closings === 0 && unknown > 0 ? '—' : formatMoney(realized, currency, { sign: 'always' })}
      </Tile>
      <Tile
        label="Win rate"
        under={known ? `${known.wins} won, ${known.losses} lost, ${known.flat} even` : 'No round trip with a known result yet.'}
      >
        {known?.winRate ? formatPercent(known.winRate, { places: 1 }) : '—'}
      </Tile>
      <Tile
        label="Profit factor"
        under={
          known?.profitFactor
            ? 'gross profit by gross loss'
            : known
              ? 'There is no loss to divide by.'
              : 'Counted once a round trip is closed.'
        }
      >
        {known?.profitFactor ? formatDecimal(known.profitFactor, { min: 2, max: 2 }) : '—'}
      </Tile>
      <Tile
        label="Expectancy"
        tone={toneOf(known?.expectancy ?? null)}
        under={known?.expectancy ? 'made by a round trip on average' : 'Counted once a round trip is closed.'}
      >
        {known?.expectancy ? formatMoney(known.expectancy, currency, { sign: 'always' }) : '—'}
      </Tile>
    </section>
  )
}

interface TileProps {
  readonly label: string
  readonly under: string
  readonly tone?: string
  readonly children: ReactNode
}

function Tile({ label, under, tone = '', children }: TileProps) {
  return (
    <div className="kpi">
      <div className="label">{label}</div>
      <div className={`figure ${tone}`}>{children}</div>
      <div className="under">{under}</div>
    </div>
  )
}

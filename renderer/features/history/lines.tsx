/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a virtualised grid is built from positioned boxes, not from table rows */
import type { LocalDate } from '../../../shared/domain/time.ts'
import { formatMoney, formatMoneys, formatWeekday } from '../../lib/format/index.ts'
import { readMore, useHistory } from '../../state/history.ts'
import { dataOf } from '../../state/remote.ts'
import { Button } from '../../ui/Button.tsx'
import type { DayTotals } from './items.ts'

/** The heading of a trade date, with the day's cash and costs once all of its rows are here. */
export function DayLine({ day, totals }: { readonly day: LocalDate; readonly totals: DayTotals | null }) {
  const note = totals && totals.unstated > 0 ? `Without ${totals.unstated} rows that state no amount` : undefined
  return (
    <div className="dayline" role="row">
      <span role="gridcell" className="grow">
        {formatWeekday(day)}
      </span>
      {totals && totals.amounts.length > 0 ? (
        <span role="gridcell" className="daysum" title={note}>
          <span className="stamp">Cash </span>
          {totals.amounts.map(({ amount, currency }) => formatMoney(amount, currency, { sign: 'always' })).join(', ')}
        </span>
      ) : null}
      {totals && totals.fees.length > 0 ? (
        <span role="gridcell" className="daysum">
          <span className="stamp">Fees </span>
          {formatMoneys(totals.fees)}
        </span>
      ) : null}
    </div>
  )
}

/** Below the last row: more is coming, failed to come, or this is all. */
export function EndLine() {
  const more = useHistory(state => state.more)
  const next = useHistory(state => dataOf(state.pages)?.next ?? null)
  return (
    <div className="endline" role="row">
      <span role="gridcell">
        {more.status === 'failed' ? (
          <>
            {more.error.message} <Button onClick={() => void readMore()}>Try again</Button>
          </>
        ) : next === null ? (
          'That is everything.'
        ) : (
          'Reading more.'
        )}
      </span>
    </div>
  )
}

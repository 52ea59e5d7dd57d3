import type { GroupedPosition } from '../../../shared/contract/portfolio.ts'
import { formatChange, formatExact, formatKnown } from '../../lib/format/index.ts'
import type { RowSlot } from '../../ui/RowWindow.tsx'
import { Holdings } from './Holdings.tsx'
import { Lots } from './Lots.tsx'

interface DetailProps {
  readonly row: GroupedPosition
  readonly columns: number
  readonly slot: RowSlot
}

/** What a position is made of: the accounts that hold it, and the lots. */
export function PositionDetail({ row, columns, slot }: DetailProps) {
  const { currency } = row
  return (
    <tr {...slot} className="detail-row">
      <td colSpan={columns}>
        <div className="stack-l position-detail">
          <p className="stamp">
            {`Cost ${formatKnown(row.cost, currency)}, realised so far ${formatChange(row.realized, currency)}. As of ${formatExact(row.asOf)}, fetched ${formatExact(row.fetchedAt)}.`}
          </p>
          <Holdings row={row} />
          {row.symbols.map(symbol => (
            <Lots key={symbol} symbol={symbol} currency={currency} />
          ))}
        </div>
      </td>
    </tr>
  )
}

import { useMemo } from 'react'
import type { OrderRow } from '../../../shared/contract/orders.ts'
import { formatCount } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { moreDone, refreshDoneOrders, useOrders } from '../../state/orders.ts'
import type { Pages } from '../../state/pages.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/notes.tsx'
import { RowsPart } from '../../ui/Part.tsx'
import { OrderTable } from './OrderTable.tsx'

function readOn(): void {
  if (useOrders.getState().doneMore.status === 'idle') void moreDone()
}

/** What became of orders, newest first; the next ones come before the end is reached. */
export function DoneOrders() {
  const done = useOrders(state => state.done)
  const now = useNow(30)
  return (
    <RowsPart of={done} now={now} label="Loading the order history" heights={[40, 40, 40, 40]} onRetry={() => void refreshDoneOrders()}>
      {(data, stale) =>
        data.rows.length === 0 ? (
          <EmptyState icon="history" title="No orders yet">
            Every order your brokers report, with each step on its way and its fills. Brokers report a few days or weeks back.
          </EmptyState>
        ) : (
          <Rows data={data} stale={stale} />
        )
      }
    </RowsPart>
  )
}

function Rows({ data, stale }: { readonly data: Pages<OrderRow>; readonly stale: boolean }) {
  const { rows, next } = data
  // Of its own for each reading: one that was on its way when all was read anew was given up.
  const onNearEnd = useMemo(() => (data.next === null ? undefined : () => readOn()), [data])
  return (
    <>
      <OrderTable label="Table of done orders" rows={rows} stale={stale} onNearEnd={onNearEnd} />
      <Foot shown={rows.length} isAll={next === null} />
    </>
  )
}

function Foot({ shown, isAll }: { readonly shown: number; readonly isAll: boolean }) {
  const more = useOrders(state => state.doneMore)
  if (more.status === 'failed')
    return (
      <p className="part-foot bad">
        {more.error.message} <Button onClick={() => void moreDone()}>Try again</Button>
      </p>
    )
  return isAll ? null : <p className="part-foot stamp">{`${formatCount(shown)} read so far; the others are read as you go on.`}</p>
}

import { useNow } from '../../state/clock.ts'
import { moreDone, refreshDoneOrders, useOrders } from '../../state/orders.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState, ErrorNote, Skeletons, StaleNote } from '../../ui/notes.tsx'
import { OrderTable } from './OrderTable.tsx'

/** What became of orders, newest first. */
export function DoneOrders() {
  const done = useOrders(state => state.done)
  const now = useNow(30)
  if (done.status === 'idle' || done.status === 'loading')
    return (
      <div className="panel-pad">
        <Skeletons heights={[40, 40, 40, 40]} label="Loading the order history" />
      </div>
    )
  if (done.status === 'failed')
    return (
      <div className="panel-pad">
        <ErrorNote error={done.error} onRetry={() => void refreshDoneOrders()} />
      </div>
    )
  const { rows, next } = done.data
  if (rows.length === 0)
    return (
      <EmptyState icon="history" title="No orders yet">
        Every order your brokers report, with each step on its way and its fills. Brokers report a few days or weeks back.
      </EmptyState>
    )
  return (
    <>
      {done.problem ? (
        <div className="panel-pad">
          <StaleNote error={done.problem} readAt={done.readAt} now={now} onRetry={() => void refreshDoneOrders()} />
        </div>
      ) : null}
      <OrderTable label="Table of done orders" rows={rows} stale={done.problem !== null} />
      {next !== null && rows.length < 500 ? (
        <div className="part-foot">
          <div>
            <Button onClick={() => void moreDone()}>Show more</Button>
          </div>
        </div>
      ) : null}
    </>
  )
}

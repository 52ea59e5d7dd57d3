import type { OrderRow } from '../../../shared/contract/orders.ts'
import { formatCount } from '../../lib/format/index.ts'
import { visibleText } from '../../lib/visible-text.ts'
import { useNow } from '../../state/clock.ts'
import { askCancel, refreshOpenOrders, useOrders } from '../../state/orders.ts'
import { errorViewOf } from '../../state/failure.ts'
import { toast, toastError } from '../../state/toast.ts'
import { openTicket } from '../../state/ticket.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/notes.tsx'
import { RowsPart } from '../../ui/Part.tsx'
import { OrderTable } from './OrderTable.tsx'
import { startReplace } from './replace.ts'

/** What works at the brokers, each with its way out. */
export function OpenOrders() {
  const open = useOrders(state => state.open)
  const now = useNow(30)
  return (
    <RowsPart of={open} now={now} label="Loading the open orders" heights={[40, 40, 40]} onRetry={() => void refreshOpenOrders()}>
      {({ rows, next }, stale) =>
        rows.length === 0 ? (
          <None />
        ) : (
          <>
            <OrderTable
              label="Table of open orders"
              rows={rows}
              stale={stale}
              {...(rows.some(({ canCancel, canReplace }) => canCancel || canReplace)
                ? { acts: (row: OrderRow) => <Acts row={row} /> }
                : {})}
            />
            {next === null ? null : (
              <p className="part-foot stamp">{`The newest ${formatCount(rows.length)} open orders. Your brokers show the others.`}</p>
            )}
          </>
        )
      }
    </RowsPart>
  )
}

function None() {
  return (
    <EmptyState
      icon="orders"
      title="Nothing is working"
      action={
        <Button variant="primary" icon="plus" onClick={() => openTicket()}>
          New order
        </Button>
      }
    >
      Orders that wait at your brokers, sent from here or elsewhere, with how much of them is filled.
    </EmptyState>
  )
}

function Acts({ row }: { readonly row: OrderRow }) {
  const busy = useOrders(state => row.externalId !== null && state.busy.has(row.externalId))
  const name = visibleText(row.symbol ?? 'order')
  return (
    <span className="row-acts">
      {row.canReplace ? (
        <Button variant="ghost" onClick={() => void startReplace(row)} aria-label={`Replace ${name}`}>
          Replace
        </Button>
      ) : null}
      {row.canCancel && row.externalId !== null ? (
        <Button busy={busy} onClick={() => void cancel(row)} aria-label={`Cancel ${name}`}>
          {busy ? 'Canceling' : 'Cancel'}
        </Button>
      ) : null}
    </span>
  )
}

async function cancel(row: OrderRow) {
  if (row.externalId === null) return
  try {
    const placed = await askCancel({ accountId: row.accountId, externalId: row.externalId })
    if (placed.error) toastError({ message: visibleText(placed.sentence), action: placed.error.action })
    else toast(visibleText(placed.sentence), `Cancel of ${visibleText(row.symbol ?? 'the order')}`)
  } catch (error) {
    toastError(errorViewOf(error))
  }
}

import type { OrderRow } from '../../../shared/contract/orders.ts'
import { instrumentLine } from '../../lib/format/index.ts'
import { visibleText } from '../../lib/visible-text.ts'
import { useBrokerName } from '../../state/app.ts'
import { inDoubt, resolveOrder, useOrders } from '../../state/orders.ts'
import { EnvBadge } from '../../ui/badges.tsx'
import { Icon } from '../../ui/icons.tsx'
import { orderWords } from './order-line.ts'
import { DoubtActs, UnknownWords } from './TicketOutcome.tsx'

/** Orders of which nobody knows yet what became of them: before everything else. */
export function Doubts() {
  const open = useOrders(state => state.open)
  const rows = inDoubt(open)
  if (rows.length === 0) return null
  return (
    <section className="stack" aria-label="Orders in doubt">
      {rows.map(row => (
        <Doubt key={row.id} row={row} />
      ))}
    </section>
  )
}

function Doubt({ row }: { readonly row: OrderRow }) {
  const name = useBrokerName(row.broker)
  const { intentId } = row
  if (intentId === null) return null
  return (
    <div className="note warn">
      <Icon name="warn" />
      <div className="grow stack">
        <p>
          <span className="lead">{`UNKNOWN: ${visibleText(instrumentLine(row.symbol ?? ''))}, ${orderWords(row).toLowerCase()}, at ${name}.`}</span>{' '}
          <EnvBadge environment={row.environment} />
        </p>
        <UnknownWords broker={name} />
        <DoubtActs intentId={intentId} onLook={async () => void (await resolveOrder(intentId))} />
      </div>
    </div>
  )
}

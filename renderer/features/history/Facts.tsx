import type { ReactNode } from 'react'
import type { ActivityRow } from '../../../shared/contract/schemas.ts'
import {
  formatDate,
  formatExact,
  formatFees,
  formatMoney,
  formatPrice,
  formatQuantity,
  humanWord,
  instrumentLine,
  kindWord,
  sideWord,
} from '../../lib/format/index.ts'
import { signedQuantity } from './row-text.ts'

/** Every fact of an activity, with all of its digits. Facts the broker does not state are left out. */
export function Facts({ activity }: { readonly activity: ActivityRow }) {
  return (
    <dl className="facts">
      {factsOf(activity).map(([name, value, tone]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd className={tone}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

type Fact = readonly [name: string, value: ReactNode, tone?: string]

const STATUS = { final: null, corrected: 'Corrected by the broker', canceled: 'Canceled; no longer counts' } as const

function factsOf(row: ActivityRow): Fact[] {
  const quantity = signedQuantity(row)
  const gain = row.amount !== null && row.amount !== '0' && !row.amount.startsWith('-')
  const facts: (Fact | null)[] = [
    row.executedAt ? ['Executed', formatExact(row.executedAt)] : ['Executed', 'day only'],
    ['Trade date', formatDate(row.tradeDate)],
    row.symbol ? ['Symbol', instrumentLine(row.symbol)] : null,
    row.symbol && instrumentLine(row.symbol) !== row.symbol ? ['OCC symbol', row.symbol] : null,
    row.side ? ['Side', sideWord(row.side, row.positionEffect)] : null,
    quantity === null ? null : ['Quantity', formatQuantity(quantity)],
    row.price === null ? null : ['Price', `${formatPrice(row.price)} ${row.currency}`],
    [
      'Net amount',
      row.amount === null ? 'not stated' : formatMoney(row.amount, row.currency, { sign: 'always', exact: true }),
      gain ? 'good' : '',
    ],
    ['Fees inside', formatFees(row.fees, row.currency, { exact: true })],
    ['Kind', `${kindWord(row.kind)}${row.brokerType ? ` (${row.brokerType})` : ''}`],
    row.assetClass ? ['Asset class', humanWord(row.assetClass)] : null,
    row.description ? ['Description', row.description] : null,
    STATUS[row.status] ? ['Status', STATUS[row.status]] : null,
    row.orderId
      ? [
          'Order',
          <span key="order" className="mono">
            {row.orderId}
          </span>,
        ]
      : null,
    [
      'Broker id',
      <span key="id" className="mono">
        {row.externalId}
      </span>,
    ],
    ['As of', formatExact(row.asOf)],
    ['Fetched', formatExact(row.fetchedAt)],
  ]
  return facts.filter(fact => fact !== null)
}

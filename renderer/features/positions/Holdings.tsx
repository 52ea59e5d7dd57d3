import type { GroupedPosition } from '../../../shared/contract/portfolio.ts'
import { formatExact, formatMoment, formatMoney, formatPrice, formatQuantity, toneOf } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { accountIndex, onlyEnvironment, useConnections } from '../../state/connections.ts'
import { BrokerMark, EnvBadge } from '../../ui/badges.tsx'
import { Icon } from '../../ui/icons.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'

/** Where an instrument is held: what each broker states, and what our lots say. */
export function Holdings({ row }: { readonly row: GroupedPosition }) {
  const connections = useConnections(state => state.list)
  const index = accountIndex(connections)
  const badge = onlyEnvironment(connections) === null
  const now = useNow(30)
  const { currency } = row
  return (
    <section className="stack sub-table" aria-label={`Accounts that hold ${row.symbol}`}>
      <h2>Accounts</h2>
      <ScrollTable label={`Accounts that hold ${row.symbol}, as a table`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Account</th>
              <th scope="col" className="r">
                Quantity
              </th>
              <th scope="col" className="r">
                Broker’s average
              </th>
              <th scope="col" className="r">
                Market value
              </th>
              <th scope="col" className="r">
                Unrealised, broker
              </th>
              <th scope="col" className="r">
                Unrealised, ledger
              </th>
              <th scope="col">Ledger</th>
              <th scope="col" className="r">
                As of
              </th>
            </tr>
          </thead>
          <tbody>
            {row.holdings.map(holding => {
              const place = index.get(holding.accountId)
              return (
                <tr key={holding.accountId}>
                  <th scope="row">
                    <span className="who">
                      <BrokerMark broker={holding.broker} small />
                      {place ? `${place.account.name} ${place.account.maskedNumber}` : 'An account'}
                      {place && badge ? <EnvBadge environment={place.connection.environment} /> : null}
                    </span>
                  </th>
                  <td className="r">{formatQuantity(holding.quantity)}</td>
                  <td className="r">{holding.averagePrice === null ? 'not stated' : formatPrice(holding.averagePrice)}</td>
                  <td className="r">{holding.marketValue === null ? 'not stated' : formatMoney(holding.marketValue, currency)}</td>
                  <Gain value={holding.unrealized} currency={currency} unknown="not stated" />
                  <Gain value={holding.ledgerUnrealized} currency={currency} unknown="unknown" />
                  <td>
                    <Agreement agrees={holding.agrees} quantity={holding.ledgerQuantity} />
                  </td>
                  <td className="r" title={`As of ${formatExact(holding.asOf)}, fetched ${formatExact(holding.fetchedAt)}`}>
                    {formatMoment(holding.asOf, now)}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </ScrollTable>
    </section>
  )
}

type Value = GroupedPosition['unrealized']

function Gain({ value, currency, unknown }: { readonly value: Value; readonly currency: string; readonly unknown: string }) {
  return <td className={`r ${toneOf(value)}`}>{value === null ? unknown : formatMoney(value, currency, { sign: 'always' })}</td>
}

function Agreement({ agrees, quantity }: { readonly agrees: boolean | null; readonly quantity: Value }) {
  if (agrees === null) return 'not compared yet'
  return agrees ? (
    <span className="row good">
      <Icon name="check" /> agrees
    </span>
  ) : (
    <span className="row warn">
      <Icon name="warn" /> {`says ${quantity === null ? 'nothing' : formatQuantity(quantity)}`}
    </span>
  )
}

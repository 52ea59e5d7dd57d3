import type { GroupedPosition } from '../../../shared/contract/portfolio.ts'
import { formatExact, formatMoment, formatMoney, formatPrice, formatQuantity, toneOf } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { accountIndex, onlyEnvironment, useConnections } from '../../state/connections.ts'
import { BrokerMark, EnvBadge } from '../../ui/badges.tsx'
import { Icon } from '../../ui/icons.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'

/** Where an instrument is held: what each broker states, and what our lots say. */
export function Holdings({ row }: { readonly row: GroupedPosition }) {
  return (
    <section className="stack sub-table" aria-label={`Accounts that hold ${row.symbol}`}>
      <h2>Accounts</h2>
      <ScrollTable label={`Accounts that hold ${row.symbol}, as a table`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Account</th>
              <th scope="col" className="r roomy-part">
                Quantity
              </th>
              <th scope="col" className="r wide-part">
                Broker’s average
              </th>
              <th scope="col" className="r">
                Market value
              </th>
              <th scope="col" className="r roomy-part">
                Unrealised, broker
              </th>
              <th scope="col" className="r wide-part">
                Unrealised, ledger
              </th>
              <th scope="col" className="roomy-part">
                Ledger
              </th>
              <th scope="col" className="r wide-part">
                As of
              </th>
            </tr>
          </thead>
          <tbody>
            {row.holdings.map(holding => (
              <Holding key={holding.accountId} holding={holding} currency={row.currency} />
            ))}
          </tbody>
        </table>
      </ScrollTable>
    </section>
  )
}

interface HoldingProps {
  readonly holding: GroupedPosition['holdings'][number]
  readonly currency: string
}

/** One account; what a narrow window has no column for stands below its name and its value. */
function Holding({ holding, currency }: HoldingProps) {
  const now = useNow(30)
  const value = holding.marketValue === null ? 'not stated' : formatMoney(holding.marketValue, currency)
  const asOf = { title: `As of ${formatExact(holding.asOf)}, fetched ${formatExact(holding.fetchedAt)}` }
  return (
    <tr>
      <th scope="row">
        <Where holding={holding} />
        <div className="under-roomy stamp">{sizeWords(holding)}</div>
        <div className="under-wide stamp" {...asOf}>{`As of ${formatMoment(holding.asOf, now)}`}</div>
        <div className="under-roomy">
          <Agreement agrees={holding.agrees} quantity={holding.ledgerQuantity} isAlone />
        </div>
      </th>
      <td className="r roomy-part">
        {formatQuantity(holding.quantity)}
        <div className="under-wide stamp">{averageWords(holding)}</div>
      </td>
      <td className="r wide-part">{holding.averagePrice === null ? 'not stated' : formatPrice(holding.averagePrice)}</td>
      <td className="r">
        {value}
        <div className="under-roomy">
          <Gain value={holding.unrealized} currency={currency} unknown="not stated" by="Broker" />
        </div>
        <div className="under-roomy">
          <Gain value={holding.ledgerUnrealized} currency={currency} unknown="unknown" by="Ledger" />
        </div>
      </td>
      <td className="r roomy-part">
        <Gain value={holding.unrealized} currency={currency} unknown="not stated" />
        <div className="under-wide">
          <Gain value={holding.ledgerUnrealized} currency={currency} unknown="unknown" by="Ledger" />
        </div>
      </td>
      <td className="r wide-part">
        <Gain value={holding.ledgerUnrealized} currency={currency} unknown="unknown" />
      </td>
      <td className="roomy-part">
        <Agreement agrees={holding.agrees} quantity={holding.ledgerQuantity} />
      </td>
      <td className="r wide-part" {...asOf}>
        {formatMoment(holding.asOf, now)}
      </td>
    </tr>
  )
}

function Where({ holding }: Pick<HoldingProps, 'holding'>) {
  const connections = useConnections(state => state.list)
  const place = accountIndex(connections).get(holding.accountId)
  const badge = onlyEnvironment(connections) === null
  return (
    <span className="who">
      <BrokerMark broker={holding.broker} small />
      {place ? `${place.account.name} ${place.account.maskedNumber}` : 'An account'}
      {place && badge ? <EnvBadge environment={place.connection.environment} /> : null}
    </span>
  )
}

type Holding = HoldingProps['holding']

function averageWords({ averagePrice }: Holding): string {
  return averagePrice === null ? 'no average stated' : `at ${formatPrice(averagePrice)}`
}

function sizeWords(holding: Holding): string {
  return `${formatQuantity(holding.quantity)}${holding.averagePrice === null ? ', ' : ' '}${averageWords(holding)}`
}

type Value = GroupedPosition['unrealized']

interface GainProps {
  readonly value: Value
  readonly currency: string
  readonly unknown: string
  /** Who says it, where no column does. */
  readonly by?: string
}

function Gain({ value, currency, unknown, by }: GainProps) {
  return (
    <>
      {by ? <span className="stamp">{`${by} `}</span> : null}
      <span className={toneOf(value)}>{value === null ? unknown : formatMoney(value, currency, { sign: 'always' })}</span>
    </>
  )
}

interface AgreementProps {
  readonly agrees: boolean | null
  readonly quantity: Value
  /** No column says what agrees. */
  readonly isAlone?: boolean
}

function Agreement({ agrees, quantity, isAlone = false }: AgreementProps) {
  const who = isAlone ? 'Ledger ' : ''
  if (agrees === null) return `${who}not compared yet`
  return agrees ? (
    <span className="row good">
      <Icon name="check" /> {`${who}agrees`}
    </span>
  ) : (
    <span className="row warn">
      <Icon name="warn" /> {`${who}says ${quantity === null ? 'nothing' : formatQuantity(quantity)}`}
    </span>
  )
}

import type { WorthView } from '../../../shared/contract/portfolio.ts'
import { formatExact, formatKnown, formatMoment, formatMoney, toneOf } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { useConnections } from '../../state/connections.ts'
import { chooseEnvironment, environmentsOf, useShownEnvironment } from '../../state/environment.ts'
import { groupBy, type Grouping, type Overview, refreshOverview, usePortfolio } from '../../state/portfolio.ts'
import { EnvBadge } from '../../ui/badges.tsx'
import { Part } from '../../ui/Part.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'
import { Segments } from '../../ui/Segments.tsx'
import { environmentWord } from '../../lib/format/index.ts'

const BY: readonly { readonly value: Grouping; readonly label: string }[] = [
  { value: 'broker', label: 'Broker' },
  { value: 'account', label: 'Account' },
  { value: 'asset-class', label: 'Asset class' },
]

const HEADS: readonly { readonly word: string; readonly means?: string }[] = [
  { word: 'Value', means: 'Net liquidation, as the brokers state it' },
  { word: 'Cash' },
  { word: 'Market value' },
  { word: 'Today', means: 'Since the value of the trading day before, deposits and withdrawals taken out' },
  { word: 'Unrealised' },
  { word: 'Realised', means: 'Over the whole history, after fees' },
  { word: 'Income', means: 'Dividends and interest' },
  { word: 'Total result', means: 'Unrealised, realised and income, less fees charged apart from trades' },
  { word: 'As of' },
]

/** Worth and results by broker, account or asset class. */
export function Breakdown() {
  const by = usePortfolio(state => state.by)
  const overview = usePortfolio(state => state.overview)
  const environment = useShownEnvironment()
  const list = useConnections(state => state.list)
  const present = environmentsOf(list)
  const now = useNow(30)
  return (
    <section className="panel table-panel" aria-label="Worth and results">
      <div className="row between wrap panel-head">
        <h2 className="row">Worth and results {environment ? <EnvBadge environment={environment} /> : null}</h2>
        <span className="row wrap">
          {present.length > 1 && environment ? (
            <Segments
              label="Whose money"
              value={environment}
              options={present.map(value => ({ value, label: environmentWord(value) }))}
              onChange={chooseEnvironment}
            />
          ) : null}
          <Segments label="Grouped by" value={by} options={BY} onChange={value => void groupBy(value)} />
        </span>
      </div>
      <div className="part-body">
        <Part of={overview} now={now} label="Loading worth and results" heights={[22, 22, 22, 22]} onRetry={() => void refreshOverview()}>
          {data => <Table data={data} by={by} />}
        </Part>
      </div>
    </section>
  )
}

function Table({ data, by }: { readonly data: Overview; readonly by: Grouping }) {
  if (data.groups.length === 0) return <p className="sub panel-pad">No account has stated a value yet. Figures come with the first sync.</p>
  return (
    <ScrollTable label="Table of worth and results">
      <table className="grid figures-grid">
        <thead>
          <tr>
            <th scope="col" className="plain">
              {BY.find(({ value }) => value === by)?.label}
            </th>
            {HEADS.map(({ word, means }) => (
              <th key={word} scope="col" className="plain r" title={means}>
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.groups.flatMap(({ key, label, totals }) =>
            totals.map((worth, index) => <Row key={`${key} ${worth.currency}`} label={label} again={index > 0} worth={worth} />),
          )}
        </tbody>
        <tfoot>
          {data.totals.map((worth, index) => (
            <Row
              key={worth.currency}
              label={data.totals.length === 1 ? 'All' : `All in ${worth.currency}`}
              again={false}
              worth={worth}
              last={index === 0}
            />
          ))}
        </tfoot>
      </table>
    </ScrollTable>
  )
}

interface RowProps {
  readonly label: string
  /** The group's name stands in the row above. */
  readonly again: boolean
  readonly worth: WorthView
  readonly last?: boolean
}

function Row({ label, again, worth, last = false }: RowProps) {
  const now = useNow(30)
  const { currency, asOf, fetchedAt, rate } = worth
  const unread = worth.unread > 0
  return (
    <tr className={last ? 'sum' : undefined}>
      <th scope="row">{again ? <span className="sub">{`${label} in ${currency}`}</span> : label}</th>
      <td className="r">
        {worth.value === null ? <Unstated /> : formatMoney(worth.value, currency)}
        {rate ? (
          <div className="stamp" title={`${currency} at ${rate.rate}, ${rate.source}, as of ${formatExact(rate.asOf)}`}>
            {formatMoney(rate.value, rate.base)}
          </div>
        ) : null}
      </td>
      <td className="r">{worth.cash === null ? <Unstated /> : formatMoney(worth.cash, currency)}</td>
      <td className="r">{worth.marketValue === null ? <Unstated /> : formatMoney(worth.marketValue, currency)}</td>
      <Change figure={worth.day} currency={currency} />
      <Change figure={worth.unrealized} currency={currency} />
      <Change
        figure={
          unread || worth.realized === null ? { amount: null, because: worth.total.because } : { amount: worth.realized, because: null }
        }
        currency={currency}
      />
      <td className={unread ? 'r stamp' : 'r'}>{formatKnown(unread ? null : worth.income, currency)}</td>
      <Change figure={worth.total} currency={currency} />
      <td className="r stamp" title={asOf && fetchedAt ? `As of ${formatExact(asOf)}, fetched ${formatExact(fetchedAt)}` : undefined}>
        {asOf ? formatMoment(asOf, now) : 'not read yet'}
      </td>
    </tr>
  )
}

function Unstated() {
  return <span className="stamp">not stated</span>
}

function Change({ figure, currency }: { readonly figure: WorthView['day']; readonly currency: string }) {
  if (figure.amount === null)
    return (
      <td className="r stamp" title={figure.because ?? undefined}>
        unknown
        {figure.because ? <span className="hidden-text">{`: ${figure.because}`}</span> : null}
      </td>
    )
  return (
    <td className={`r ${toneOf(figure.amount)}`} title={figure.because ?? undefined}>
      {formatMoney(figure.amount, currency, { sign: 'always' })}
    </td>
  )
}

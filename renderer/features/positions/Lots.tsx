import { useEffect } from 'react'
import type { LotView } from '../../../shared/contract/ledger.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { formatDate, formatMoney, formatPrice, formatQuantity, plural, toneOf } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { accountIndex, useConnections } from '../../state/connections.ts'
import { useShownEnvironment } from '../../state/environment.ts'
import { refreshLots, usePortfolio } from '../../state/portfolio.ts'
import { idle } from '../../state/remote.ts'
import { Part } from '../../ui/Part.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'

/** The lots an instrument is held in, oldest first. */
export function Lots({ symbol, currency }: { readonly symbol: string; readonly currency: string }) {
  const lots = usePortfolio(state => state.lots[symbol] ?? idle)
  const now = useNow(30)
  useEffect(() => void refreshLots(symbol), [symbol])
  return (
    <section className="stack sub-table" aria-label={`Lots of ${symbol}`}>
      <h2>Lots</h2>
      <Part of={lots} now={now} label="Reading the lots" heights={[20, 20]} onRetry={() => void refreshLots(symbol)}>
        {data => <Table symbol={symbol} lots={data.filter(lot => lot.currency === currency)} />}
      </Part>
    </section>
  )
}

function Table({ symbol, lots }: { readonly symbol: string; readonly lots: readonly LotView[] }) {
  const index = accountIndex(useConnections(state => state.list))
  const environment = useShownEnvironment()
  const shown = lots.filter(({ accountId }) => index.get(accountId)?.connection.environment === environment)
  const unknown = shown.filter(({ cost }) => cost === null).length
  if (shown.length === 0) return <p className="sub">The history here knows no lot of it. The differences say why.</p>
  return (
    <>
      {unknown > 0 ? <p className="stamp">{`Of ${plural(unknown, 'lot')} nobody knows the cost.`}</p> : null}
      <ScrollTable label={`Lots of ${symbol}, as a table`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Opened</th>
              <th scope="col">Account</th>
              {['Quantity', 'Cost of one', 'Cost', 'Market value', 'Unrealised'].map(word => (
                <th key={word} scope="col" className="r">
                  {word}
                </th>
              ))}
              <th scope="col">Held</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(lot => (
              <tr key={`${lot.accountId} ${lot.key}`}>
                <th scope="row">{formatDate(lot.day)}</th>
                <td>{accountText(index.get(lot.accountId)?.account)}</td>
                <td className="r">{formatQuantity(lot.quantity)}</td>
                <td className="r">{lot.costPerUnit === null ? 'unknown' : formatPrice(Dec.round(lot.costPerUnit, 6))}</td>
                <td className="r">{lot.cost === null ? 'unknown' : formatMoney(lot.cost, lot.currency)}</td>
                <td className="r">{lot.marketValue === null ? 'unknown' : formatMoney(lot.marketValue, lot.currency)}</td>
                <td className={`r ${toneOf(lot.unrealized)}`}>
                  {lot.unrealized === null ? 'unknown' : formatMoney(lot.unrealized, lot.currency, { sign: 'always' })}
                </td>
                <td>{lot.isLongTerm ? 'over a year' : 'up to a year'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollTable>
    </>
  )
}

function accountText(account: { readonly name: string; readonly maskedNumber: string } | undefined): string {
  return account ? `${account.name} ${account.maskedNumber}` : 'An account'
}

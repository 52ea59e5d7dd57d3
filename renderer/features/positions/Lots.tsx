import { useEffect } from 'react'
import type { LotView } from '../../../shared/contract/ledger.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { formatChange, formatDate, formatKnown, formatPrice, formatQuantity, plural, toneOf } from '../../lib/format/index.ts'
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

/** Where there is no room for a column, what it says stands below another one. */
const HEADS = [
  ['Quantity', 'roomy-part'],
  ['Cost of one', 'wide-part'],
  ['Cost', 'roomy-part'],
  ['Market value', ''],
  ['Unrealised', 'roomy-part'],
] as const

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
              <th scope="col" className="roomy-part">
                Account
              </th>
              {HEADS.map(([word, where]) => (
                <th key={word} scope="col" className={`r ${where}`}>
                  {word}
                </th>
              ))}
              <th scope="col" className="wide-part">
                Held
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(lot => (
              <Lot key={`${lot.accountId} ${lot.key}`} lot={lot} account={accountText(index.get(lot.accountId)?.account)} />
            ))}
          </tbody>
        </table>
      </ScrollTable>
    </>
  )
}

/** One lot; what a narrow window has no column for stands below its day and its value. */
function Lot({ lot, account }: { readonly lot: LotView; readonly account: string }) {
  const { currency } = lot
  const each = lot.costPerUnit === null ? null : formatPrice(Dec.round(lot.costPerUnit, 6))
  const cost = formatKnown(lot.cost, currency)
  const gain = formatChange(lot.unrealized, currency)
  const held = lot.isLongTerm ? 'over a year' : 'up to a year'
  const at = each === null ? 'at an unknown cost' : `at ${each}`
  return (
    <tr>
      <th scope="row">
        {formatDate(lot.day)}
        <div className="under-wide stamp">{`Held ${held}`}</div>
        <div className="under-roomy">{account}</div>
        <div className="under-roomy stamp">{`${formatQuantity(lot.quantity)} ${at}`}</div>
      </th>
      <td className="roomy-part">{account}</td>
      <td className="r roomy-part">
        {formatQuantity(lot.quantity)}
        <div className="under-wide stamp">{at}</div>
      </td>
      <td className="r wide-part">{each ?? 'unknown'}</td>
      <td className="r roomy-part">{cost}</td>
      <td className="r">
        {formatKnown(lot.marketValue, currency)}
        <div className="under-roomy stamp">{`Cost ${cost}`}</div>
        <div className={`under-roomy ${toneOf(lot.unrealized)}`}>{gain}</div>
      </td>
      <td className={`r roomy-part ${toneOf(lot.unrealized)}`}>{gain}</td>
      <td className="wide-part">{held}</td>
    </tr>
  )
}

function accountText(account: { readonly name: string; readonly maskedNumber: string } | undefined): string {
  return account ? `${account.name} ${account.maskedNumber}` : 'An account'
}

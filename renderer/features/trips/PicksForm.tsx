import { type FormEvent, useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import type { RealizationView } from '../../../shared/contract/ledger.ts'
import type { ActivityRow } from '../../../shared/contract/schemas.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { formatDate, formatPrice, formatQuantity } from '../../lib/format/index.ts'
import { errorViewOf } from '../../state/failure.ts'
import { type Picks, setPicks } from '../../state/ledger.ts'
import { refreshLots, usePortfolio } from '../../state/portfolio.ts'
import { dataOf, idle } from '../../state/remote.ts'
import { toast } from '../../state/toast.ts'
import { refreshTripOf } from '../../state/trip.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'
import { type Candidate, candidatesOf, readPicks } from './picks.ts'

interface PicksProps {
  readonly activity: ActivityRow
  /** The lots this row closed. */
  readonly closed: readonly RealizationView[]
}

/** Names the lots a closing takes, instead of leaving them to the account's method. */
export function PicksForm({ activity, closed }: PicksProps) {
  const [isOpen, setOpen] = useState(false)
  const symbol = activity.symbol ?? ''
  const lots = usePortfolio(state => dataOf(state.lots[symbol] ?? idle))
  const toggle = () => {
    if (!isOpen) void refreshLots(symbol)
    setOpen(!isOpen)
  }
  const own = (lots ?? []).filter(({ accountId, currency }) => accountId === activity.accountId && currency === activity.currency)
  return (
    <div className="stack">
      <div className="row">
        <Button variant="ghost" aria-expanded={isOpen} onClick={toggle}>
          {isOpen ? 'Pick no lots' : 'Pick the lots it takes'}
        </Button>
      </div>
      {isOpen && lots ? (
        <Form
          activity={activity}
          candidates={candidatesOf(closed, own, activity.tradeDate)}
          quantity={Dec.sum(closed.map(({ quantity }) => Dec.abs(quantity)))}
          onDone={() => setOpen(false)}
        />
      ) : null}
    </div>
  )
}

interface FormProps {
  readonly activity: ActivityRow
  readonly candidates: readonly Candidate[]
  readonly quantity: Dec
  readonly onDone: () => void
}

function Form({ activity, candidates, quantity, onDone }: FormProps) {
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(candidates.map(({ lot, taken }) => [lot, taken === '0' ? '' : taken])),
  )
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  const { picks, problem } = readPicks(candidates, typed, quantity)
  async function save(next: Picks) {
    setBusy(true)
    setError(null)
    try {
      await setPicks(activity.id, next)
      toast('The results that hang on it are worked out again.', next.length === 0 ? 'Left to the account’s method' : 'Lots picked')
      await refreshTripOf()
      onDone()
    } catch (failure) {
      setError(errorViewOf(failure))
      setBusy(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (picks) void save(picks)
  }
  return (
    <form className="stack sub-table" onSubmit={submit}>
      <p className="sub">{`It closes ${formatQuantity(quantity)}. What you name comes first; the account’s method takes the rest.`}</p>
      <ScrollTable label="Table of lots to take">
        <table>
          <thead>
            <tr>
              <th scope="col">Lot of</th>
              <th scope="col" className="r">
                Cost
              </th>
              <th scope="col" className="r">
                There is
              </th>
              <th scope="col">Take</th>
            </tr>
          </thead>
          <tbody>
            {candidates.map(({ lot, day, most, costPerUnit }) => (
              <tr key={lot}>
                <th scope="row">{formatDate(day)}</th>
                <td className="r">{costPerUnit === null ? '—' : formatPrice(Dec.round(costPerUnit, 4))}</td>
                <td className="r">{formatQuantity(most)}</td>
                <td>
                  <input
                    className="input num pick"
                    inputMode="decimal"
                    aria-label={`Take from the lot of ${formatDate(day)}`}
                    value={typed[lot] ?? ''}
                    onChange={event => setTyped({ ...typed, [lot]: event.currentTarget.value })}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollTable>
      {problem ? (
        <p className="bad hint" role="alert">
          {problem}
        </p>
      ) : null}
      {error ? <ErrorNote error={error} /> : null}
      <div className="row wrap">
        <Button type="submit" variant="primary" busy={busy} disabled={picks === null}>
          Take these lots
        </Button>
        <Button busy={busy} onClick={() => void save([])}>
          Leave it to the method
        </Button>
      </div>
    </form>
  )
}

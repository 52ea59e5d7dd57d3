import { useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { formatDate, formatPrice, formatQuantity, instrumentLine } from '../../lib/format/index.ts'
import { accountIndex, useConnections } from '../../state/connections.ts'
import { errorViewOf } from '../../state/failure.ts'
import { type OpeningLot, removeOpeningLot, useLedger } from '../../state/ledger.ts'
import { dataOf } from '../../state/remote.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorNote } from '../../ui/notes.tsx'

/** The lots the user told the ledger of; each can be taken back. */
export function OpeningLots() {
  const lots = useLedger(state => dataOf(state.openingLots)) ?? []
  if (lots.length === 0) return null
  return (
    <section className="stack" aria-label="Lots you added">
      <h3>Lots you added</h3>
      <ul className="manage">
        {lots.map(lot => (
          <Lot key={lot.id} lot={lot} />
        ))}
      </ul>
    </section>
  )
}

function Lot({ lot }: { readonly lot: OpeningLot }) {
  const account = useConnections(state => accountIndex(state.list).get(lot.accountId)?.account)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  async function remove() {
    setBusy(true)
    setError(null)
    try {
      await removeOpeningLot(lot.id)
    } catch (failure) {
      setError(errorViewOf(failure))
      setBusy(false)
    }
  }
  const name = instrumentLine(lot.symbol)
  return (
    <li>
      <div className="row between">
        <span className="grow">
          <span className="sym">{name}</span>{' '}
          <span className="num">
            {`${formatQuantity(lot.quantity)}${lot.price === null ? ', price unknown' : ` at ${formatPrice(lot.price)} ${lot.currency}`}`}
          </span>
          <span className="stamp">{` ${formatDate(lot.day)}${account ? `, ${account.name} ${account.maskedNumber}` : ''}${lot.note ? `, ${lot.note}` : ''}`}</span>
        </span>
        <Button busy={busy} aria-label={`Take back ${name} of ${formatDate(lot.day)}`} onClick={() => void remove()}>
          Take back
        </Button>
      </div>
      {error ? <ErrorNote error={error} /> : null}
    </li>
  )
}

import { useEffect, useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { LOT_METHODS, type LotMethod } from '../../../shared/domain/lot-method.ts'
import { lotMethodWord } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { accountIndex, useConnections } from '../../state/connections.ts'
import { errorViewOf } from '../../state/failure.ts'
import { type Methods, refreshMethods, setMethod, useLedger } from '../../state/ledger.ts'
import { hide, useSurface } from '../../state/surface.ts'
import { BrokerMark, EnvBadge } from '../../ui/badges.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { Part } from '../../ui/Part.tsx'

/** Which lots a closing takes first, account by account. */
export function LotMethods() {
  const open = useSurface(state => state.open.kind === 'lot-methods')
  return (
    <Dialog open={open} title="Lot method of each account" onClose={hide} size={640}>
      {open ? <Body /> : null}
    </Dialog>
  )
}

function Body() {
  const methods = useLedger(state => state.methods)
  const now = useNow(30)
  useEffect(() => void refreshMethods(), [])
  return (
    <div className="stack-l">
      <p className="sub">
        Which lots a closing takes first. A change works out all results of the account again, back to its first row. Lots you pick for one
        closing come before any method.
      </p>
      <Part of={methods} now={now} label="Reading the methods" heights={[52, 52, 52]} onRetry={() => void refreshMethods()}>
        {data => <List methods={data} />}
      </Part>
    </div>
  )
}

function List({ methods }: { readonly methods: Methods }) {
  const [error, setError] = useState<ErrorView | null>(null)
  const list = useConnections(state => state.list)
  const known = accountIndex(list)
  const rows = methods.flatMap(({ accountId, method }) => {
    const place = known.get(accountId)
    return place ? [{ accountId, method, place }] : []
  })
  const isMixed = new Set(rows.map(({ place }) => place.connection.environment)).size > 1
  async function choose(accountId: AccountId, value: string) {
    const method: LotMethod | undefined = LOT_METHODS.find(one => one === value)
    if (!method) return
    setError(null)
    try {
      await setMethod(accountId, method)
    } catch (failure) {
      setError(errorViewOf(failure))
    }
  }
  if (rows.length === 0) return <p className="sub">Accounts appear after the first sync.</p>
  return (
    <div>
      {isMixed || !rows[0] ? null : <EnvBadge environment={rows[0].place.connection.environment} />}
      {error ? <ErrorNote error={error} /> : null}
      {rows.map(({ accountId, method, place }) => (
        <div key={accountId} className="method-row">
          <label htmlFor={`method-${accountId}`} className="who">
            <BrokerMark broker={place.connection.broker} small />
            <span>{`${place.account.name} ${place.account.maskedNumber}`}</span>
          </label>
          {isMixed ? <EnvBadge environment={place.connection.environment} /> : null}
          <select
            id={`method-${accountId}`}
            className="input"
            value={method}
            onChange={event => void choose(accountId, event.currentTarget.value)}
          >
            {LOT_METHODS.map(value => (
              <option key={value} value={value}>
                {lotMethodWord(value)}
              </option>
            ))}
          </select>
        </div>
      ))}
    </div>
  )
}

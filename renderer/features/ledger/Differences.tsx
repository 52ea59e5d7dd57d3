import { useEffect, useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import type { DriftView } from '../../../shared/contract/portfolio.ts'
import { formatExact, formatMoment, formatMoney, formatQuantity, instrumentLine } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { accountIndex, useConnections } from '../../state/connections.ts'
import { errorViewOf } from '../../state/failure.ts'
import { acceptDrift, fixDrift, refreshDrifts, refreshFixes, undoFix, useReconciliation } from '../../state/reconciliation.ts'
import { dataOf } from '../../state/remote.ts'
import { hide, show, useSurface } from '../../state/surface.ts'
import { toast } from '../../state/toast.ts'
import { BrokerMark, EnvBadge } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { Drawer } from '../../ui/Dialog.tsx'
import { EmptyState, ErrorNote } from '../../ui/notes.tsx'
import { Part } from '../../ui/Part.tsx'

/** Where the ledger and the brokers differ, why that may be, and what one click does about it. */
export function Differences() {
  const surface = useSurface(state => state.open)
  const isOpen = surface.kind === 'differences'
  return (
    <Drawer open={isOpen} title="Ledger against brokers" onClose={hide} size={480}>
      {isOpen ? <Body accountId={surface.accountId} symbol={surface.symbol} /> : null}
    </Drawer>
  )
}

interface Narrowed {
  readonly accountId: string | null
  readonly symbol: string | null
}

function Body({ accountId, symbol }: Narrowed) {
  const drifts = useReconciliation(state => state.drifts)
  const now = useNow(30)
  useEffect(() => {
    void refreshDrifts()
    void refreshFixes()
  }, [])
  const isWanted = (drift: DriftView) =>
    (accountId === null || drift.accountId === accountId) && (symbol === null || drift.symbol === symbol)
  return (
    <div className="stack-l">
      <p className="sub">After every sync the ledger is held against what each broker states. Nothing is changed without your word.</p>
      <Part of={drifts} now={now} label="Reading the differences" heights={[120, 120]} onRetry={() => void refreshDrifts()}>
        {data => <List drifts={data.filter(isWanted)} hidden={data.length - data.filter(isWanted).length} />}
      </Part>
      <Fixes />
    </div>
  )
}

function List({ drifts, hidden }: { readonly drifts: readonly DriftView[]; readonly hidden: number }) {
  if (drifts.length === 0)
    return (
      <EmptyState icon="check" title="Everything agrees">
        Every quantity and every cash of the ledger is what the brokers state.
      </EmptyState>
    )
  const inOrder = drifts.toSorted((a, b) => Number(a.accepted) - Number(b.accepted))
  return (
    <>
      <ul className="drifts">
        {inOrder.map(drift => (
          <li key={drift.id}>
            <Drift drift={drift} />
          </li>
        ))}
      </ul>
      {hidden > 0 ? (
        <Button variant="ghost" onClick={() => show({ kind: 'differences', accountId: null, symbol: null })}>
          {`Show all ${hidden + drifts.length}`}
        </Button>
      ) : null}
    </>
  )
}

function useWork() {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  async function run(work: () => Promise<void>) {
    setBusy(true)
    setError(null)
    try {
      await work()
    } catch (failure) {
      setError(errorViewOf(failure))
    }
    setBusy(false)
  }
  return { busy, error, run: (work: () => Promise<void>) => void run(work) }
}

function Drift({ drift }: { readonly drift: DriftView }) {
  const { busy, error, run } = useWork()
  const now = useNow(30)
  const place = accountIndex(useConnections(state => state.list)).get(drift.accountId)
  const what = drift.symbol === null ? `Cash in ${drift.currency}` : instrumentLine(drift.symbol)
  const text = (value: DriftView['ledger'], sign?: 'always') =>
    drift.kind === 'cash'
      ? formatMoney(value, drift.currency, { exact: true, ...(sign ? { sign } : {}) })
      : `${sign && !value.startsWith('-') ? '+' : ''}${formatQuantity(value)}`
  const fix = () =>
    run(async () => {
      const isGone = await fixDrift(drift.id)
      toast(isGone ? 'The ledger agrees with the broker again.' : 'It is done, but a difference is left.', drift.fix?.label ?? 'Fixed')
    })
  return (
    <article className={drift.accepted ? 'drift accepted' : 'drift'} aria-label={`${what}: ${drift.sentence}`}>
      <div className="row between">
        <h3 className="clip">{what}</h3>
        {drift.accepted ? <span className="tag">left as it is</span> : null}
      </div>
      {place ? (
        <p className="row sub">
          <BrokerMark broker={place.connection.broker} small />
          <span>{`${place.account.name} ${place.account.maskedNumber}`}</span>
          <EnvBadge environment={place.connection.environment} />
        </p>
      ) : null}
      <p>{drift.sentence}</p>
      <dl className="facts">
        <dt>Ledger</dt>
        <dd>{text(drift.ledger)}</dd>
        <dt>Broker</dt>
        <dd>{text(drift.broker)}</dd>
        <dt>Difference</dt>
        <dd className="strong">{text(drift.difference, 'always')}</dd>
      </dl>
      {drift.fix ? <p className="sub">{drift.fix.detail}</p> : null}
      {error ? <ErrorNote error={error} /> : null}
      <div className="row wrap">
        {drift.fix && drift.fix.kind !== 'wait' ? (
          <Button variant="primary" busy={busy} onClick={fix}>
            {drift.fix.label}
          </Button>
        ) : null}
        {drift.accepted ? null : (
          <Button variant="ghost" busy={busy} onClick={() => run(() => acceptDrift(drift.id))}>
            Leave as it is
          </Button>
        )}
      </div>
      <p className="stamp" title={`Since ${formatExact(drift.since)}, compared ${formatExact(drift.checkedAt)}`}>
        {`Since ${formatMoment(drift.since, now)}. Broker as of ${formatMoment(drift.asOf, now)}, compared ${formatMoment(drift.checkedAt, now)}.`}
      </p>
    </article>
  )
}

function accountWords(account: { readonly name: string; readonly maskedNumber: string } | undefined): string {
  return account ? `${account.name} ${account.maskedNumber}, ` : ''
}

function Fixes() {
  const fixes = useReconciliation(state => dataOf(state.fixes)) ?? []
  const accounts = useConnections(state => state.list)
  const { busy, error, run } = useWork()
  const now = useNow(30)
  if (fixes.length === 0) return null
  const index = accountIndex(accounts)
  return (
    <section className="stack" aria-label="Fixes so far">
      <h3>Fixes so far</h3>
      {error ? <ErrorNote error={error} /> : null}
      <ul className="manage">
        {fixes.map(fix => (
          <li key={fix.id} className="row between">
            <span>
              {fix.label}
              <span className="stamp">{` ${accountWords(index.get(fix.accountId)?.account)}${formatMoment(fix.at, now)}`}</span>
            </span>
            <Button
              icon="undo"
              busy={busy}
              aria-label={`Undo: ${fix.label}`}
              onClick={() =>
                run(async () => {
                  await undoFix(fix.id)
                  toast('The ledger is as it was before.', 'Fix undone')
                })
              }
            >
              Undo
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

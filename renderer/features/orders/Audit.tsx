import { useEffect, useState } from 'react'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { formatCount, formatExact, formatMoment, formatMs, plural } from '../../lib/format/index.ts'
import { visibleText } from '../../lib/visible-text.ts'
import { useNow } from '../../state/clock.ts'
import { errorViewOf } from '../../state/failure.ts'
import { accountIndex, useConnections } from '../../state/connections.ts'
import { acceptAudit, olderRecord, refreshRecord, useOrders, verifyAudit } from '../../state/orders.ts'
import { hide, show, useSurface } from '../../state/surface.ts'
import { toastError } from '../../state/toast.ts'
import { EnvBadge } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { Drawer } from '../../ui/Dialog.tsx'
import { Icon } from '../../ui/icons.tsx'
import { EmptyState, ErrorNote, Skeletons } from '../../ui/notes.tsx'
import { Plain } from './parts.tsx'

/** Whether the record of orders is as Keelson wrote it, and the way to look for oneself. */
export function AuditLine() {
  const audit = useOrders(state => state.audit)
  const now = useNow(30)
  const acts = (
    <>
      <Button variant="ghost" onClick={() => show({ kind: 'audit' })}>
        Show the record
      </Button>
      <Button busy={audit.status === 'loading'} onClick={() => void verifyAudit()}>
        Verify
      </Button>
    </>
  )
  if (audit.status === 'failed') return <ErrorNote error={audit.error} onRetry={() => void verifyAudit()} />
  if (audit.status !== 'ready') return <p className="audit-line stamp">Checking the record of orders</p>
  const { isSound, rows, ms, problem, head } = audit.data
  if (!isSound)
    return (
      <div className="note bad" role="alert">
        <Icon name="warn" />
        <div className="grow">
          <p>
            <span className="strong">The record of orders is not as Keelson wrote it, so no order is sent.</span>{' '}
            {problem ? `${visibleText(problem.sentence)}${problem.row === null ? '' : ` (row ${formatCount(problem.row)})`}` : ''}
          </p>
          <div className="acts">
            {acts}
            {problem && <Accept shown={problem.sentence} />}
          </div>
        </div>
      </div>
    )
  return (
    <div className="audit-line">
      <span className="good">
        <Icon name="check" />
      </span>
      <p className="grow stamp" title={head ? `Seal ${head}` : undefined}>
        {rows === 0
          ? 'The record of orders is empty. Everything about orders is written down and sealed from the first one on.'
          : `The record of orders is whole: ${plural(rows, 'entry', 'entries')}, each sealed with the one before it. Checked ${formatMoment(audit.readAt, now)} in ${formatMs(ms)}.`}
      </p>
      {acts}
    </div>
  )
}

/** Goes on with a record that was changed, after saying what that means. */
function Accept({ shown }: { readonly shown: string }) {
  // What stood there when it was opened: it may be read anew while the question is.
  const [asked, setAsked] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const accept = async () => {
    setBusy(true)
    await acceptAudit(asked ?? shown).catch((error: unknown) => toastError(errorViewOf(error)))
    setBusy(false)
    setAsked(null)
  }
  return (
    <>
      <Button onClick={() => setAsked(shown)}>Go on with it</Button>
      <Confirm
        open={asked !== null}
        title="Go on with the changed record?"
        word="Go on with it"
        busy={busy}
        onConfirm={() => void accept()}
        onClose={() => setAsked(null)}
      >
        <p>What is there stays as it is, an entry says what was wrong with it, and orders can be sent again. Nothing is deleted.</p>
        <p className="sub">
          If you did not restore a backup or move the data, somebody may have changed it: keep a copy of the data folder first.
        </p>
      </Confirm>
    </>
  )
}

/** The record itself, newest first. */
export function AuditDrawer() {
  const open = useSurface(state => state.open.kind === 'audit')
  return (
    <Drawer open={open} title="Record of orders" onClose={hide} size={480}>
      <Entries />
    </Drawer>
  )
}

function Entries() {
  const record = useOrders(state => state.record)
  const now = useNow(30)
  useEffect(() => void refreshRecord(), [])
  if (record.status === 'failed') return <ErrorNote error={record.error} onRetry={() => void refreshRecord()} />
  if (record.status !== 'ready') return <Skeletons heights={[32, 32, 32, 32]} label="Loading the record" />
  if (record.data.rows.length === 0)
    return (
      <EmptyState icon="orders" title="Nothing yet">
        Every review, send, answer, cancel and change of a limit or switch is written here.
      </EmptyState>
    )
  const { rows, next } = record.data
  return (
    <div className="stack-l">
      <ol className="timeline">
        {rows.map(({ seq, at, sentence, accountId }, index) => (
          <li key={seq === 0 ? `without ${index}` : seq}>
            <span className="stamp" title={formatExact(at)}>
              {`${seq === 0 ? 'No number' : formatCount(seq)}. ${formatMoment(at, now)}`}
              {accountId === null ? null : <Of accountId={accountId} />}
            </span>
            <Plain text={sentence} />
          </li>
        ))}
      </ol>
      {next === null ? null : <Older />}
    </div>
  )
}

/** The account an entry is about. */
function Of({ accountId }: { readonly accountId: AccountId }) {
  const place = accountIndex(useConnections(state => state.list)).get(accountId)
  if (!place) return ', an account that is gone'
  return (
    <>
      {', '}
      <Plain text={`${place.account.name} ${place.account.maskedNumber}`} /> <EnvBadge environment={place.connection.environment} />
    </>
  )
}

function Older() {
  const [busy, setBusy] = useState(false)
  const read = async () => {
    setBusy(true)
    await olderRecord().catch((error: unknown) => toastError(errorViewOf(error)))
    setBusy(false)
  }
  return (
    <div>
      <Button busy={busy} onClick={() => void read()}>
        Show older entries
      </Button>
    </div>
  )
}

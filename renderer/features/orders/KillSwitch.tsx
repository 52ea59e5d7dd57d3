import { type FormEvent, useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { formatMoment } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { useConnections } from '../../state/connections.ts'
import { errorViewOf } from '../../state/failure.ts'
import { killTrading, rearmTrading, useKill, useOrders } from '../../state/orders.ts'
import { dataOf } from '../../state/remote.ts'
import { hide, show, useSurface } from '../../state/surface.ts'
import { toast, toastError } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Icon } from '../../ui/icons.tsx'
import { ErrorNote } from '../../ui/notes.tsx'

/** Stops every order at once, from anywhere in the window. */
export function stopTrading(by: 'window' | 'shortcut'): void {
  killTrading(by).then(
    () => toast('No order is sent or changed until you take it back. Canceling still works.', 'All trading is stopped'),
    (error: unknown) => toastError(errorViewOf(error)),
  )
}

/** The kill switch in the top bar: one press stops, a typed word takes it back. There wherever a broker takes orders. */
export function KillSwitch() {
  const kill = useKill()
  const isNeeded = useOrders(({ desk }) => desk.status === 'failed' || dataOf(desk)?.connections.some(({ rules }) => rules !== null))
  const any = useConnections(state => dataOf(state.list)?.some(({ method }) => method !== 'file') ?? false)
  if (kill?.on)
    return (
      <Button
        className="kill on"
        icon="stop"
        aria-label="Trading stopped. Take the kill switch back"
        onClick={() => show({ kind: 'rearm' })}
      >
        <span className="wide-only">Trading stopped</span>
      </Button>
    )
  if (!any || !isNeeded) return null
  return (
    <Button
      className="kill"
      icon="stop"
      aria-label="Stop trading everywhere"
      title="Stop trading everywhere"
      onClick={() => stopTrading('window')}
    >
      <span className="kill-word">Stop trading</span>
    </Button>
  )
}

const BY: Readonly<Record<string, string>> = {
  window: 'in this app',
  tray: 'from the tray or a menu',
  cli: 'by the command line',
  shortcut: 'by its keys',
}

/** Says on every page that nothing is sent. */
export function KillBanner() {
  const kill = useKill()
  const now = useNow(30)
  if (!kill?.on) return null
  const how = kill.by === null ? '' : ` ${BY[kill.by] ?? ''}`.trimEnd()
  return (
    <section className="banners" aria-label="Kill switch">
      <div className="banner killed">
        <Icon name="stop" />
        <span className="text">
          <b>All trading is stopped.</b>
          {`${kill.since === null ? '' : `Since ${formatMoment(kill.since, now)}${how}. `}No order is sent or changed, in no account. Canceling still works.`}
        </span>
        <Button onClick={() => show({ kind: 'rearm' })}>Take it back</Button>
      </div>
    </section>
  )
}

/** Takes the kill switch back, with a word that is not typed by accident. */
export function RearmDialog() {
  const open = useSurface(state => state.open.kind === 'rearm')
  return (
    <Dialog open={open} title="Take the kill switch back?" onClose={hide} size={440}>
      <RearmForm />
    </Dialog>
  )
}

const WORD = 'TRADE'

function RearmForm() {
  const [phrase, setPhrase] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  async function rearm() {
    setBusy(true)
    setError(null)
    try {
      await rearmTrading(phrase.trim())
      hide()
      toast('Connections with trading on take orders again, each after its review.', 'The kill switch is off')
    } catch (failure) {
      setError(errorViewOf(failure))
      setBusy(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!busy && phrase.trim() !== '') void rearm()
  }
  return (
    <form className="stack-l" onSubmit={submit}>
      <p>Orders can be sent again from every connection whose trading is on. Nothing that was stopped is sent afterwards by itself.</p>
      <TextField id="rearm-word" label={`Type ${WORD} to take it back`} value={phrase} first onChange={setPhrase} />
      {error ? <ErrorNote error={error} /> : null}
      <div className="dialog-foot">
        <Button onClick={hide}>Keep it stopped</Button>
        <Button type="submit" variant="danger" busy={busy} disabled={phrase.trim() === ''}>
          Take it back
        </Button>
      </div>
    </form>
  )
}

import { useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { visibleText } from '../../lib/visible-text.ts'
import { errorViewOf } from '../../state/failure.ts'
import { settleOrder } from '../../state/orders.ts'
import { hide, useSurface } from '../../state/surface.ts'
import { noteSettled } from '../../state/ticket.ts'
import { toast } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { ErrorNote } from '../../ui/notes.tsx'

/** The user tells what is at the broker, where Keelson could not find out. */
export function SettleDialog() {
  const intentId = useSurface(({ open }) => (open.kind === 'settle' ? open.intentId : null))
  return (
    <Dialog open={intentId !== null} title="What did you see at the broker?" onClose={hide} size={480}>
      {intentId === null ? null : <Ask intentId={intentId} />}
    </Dialog>
  )
}

type Seen = 'confirmed' | 'rejected'

function Ask({ intentId }: { readonly intentId: string }) {
  const [busy, setBusy] = useState<Seen | null>(null)
  const [error, setError] = useState<ErrorView | null>(null)
  async function settle(outcome: Seen) {
    if (busy !== null) return
    setBusy(outcome)
    setError(null)
    try {
      const placed = await settleOrder(intentId, outcome)
      noteSettled(placed)
      hide()
      toast(visibleText(placed.sentence), 'Noted')
    } catch (failure) {
      setError(errorViewOf(failure))
      setBusy(null)
    }
  }
  return (
    <>
      <div className="stack">
        <p>
          Look on the broker’s own site or app, at orders that work <b>and</b> at those that are filled, canceled or refused.
        </p>
        <p className="sub">
          Keelson believes what you say and lets new orders through again. It is written down that it came from you. If the order shows up
          later all the same, it is listed as it is.
        </p>
        {error ? <ErrorNote error={error} /> : null}
      </div>
      <div className="dialog-foot">
        <Button onClick={hide} data-autofocus>
          Not sure yet
        </Button>
        <Button busy={busy === 'rejected'} onClick={() => void settle('rejected')}>
          It is not there
        </Button>
        <Button busy={busy === 'confirmed'} onClick={() => void settle('confirmed')}>
          It is there
        </Button>
      </div>
    </>
  )
}

import { useEffect, useRef, useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import type { OutputOf } from '../../../shared/contract/routes.ts'
import type { FormValues } from '../../lib/form.ts'
import type { Choice } from '../../state/connect.ts'
import { suggestValues } from '../../state/connect-form.ts'
import { errorViewOf, isCanceled } from '../../state/failure.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorNote } from '../../ui/notes.tsx'

type Looked =
  | { readonly kind: 'no' }
  | { readonly kind: 'looking' }
  | { readonly kind: 'found'; readonly found: OutputOf<'brokers.suggest'> }
  | { readonly kind: 'failed'; readonly error: ErrorView }

/** Looks for what the form could hold on this machine; a pick fills it in. */
export function Suggestions({ choice, onPick }: { readonly choice: Choice; readonly onPick: (values: FormValues) => void }) {
  const [looked, setLooked] = useState<Looked>({ kind: 'no' })
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  async function look() {
    const mine = new AbortController()
    running.current = mine
    setLooked({ kind: 'looking' })
    try {
      setLooked({ kind: 'found', found: await suggestValues(choice, mine.signal) })
    } catch (error) {
      if (!isCanceled(error)) setLooked({ kind: 'failed', error: errorViewOf(error) })
    }
  }
  return (
    <div className="stack">
      <div className="row wrap">
        <Button icon="search" busy={looked.kind === 'looking'} onClick={() => void look()}>
          {looked.kind === 'looking' ? 'Looking' : 'Look on this machine'}
        </Button>
        <span className="stamp grow" aria-live="polite">
          {words(looked)}
        </span>
      </div>
      {looked.kind === 'found' && looked.found.length > 0 ? (
        <ul className="row wrap" aria-label="Found on this machine">
          {looked.found.map(({ label, values }) => (
            <li key={label}>
              <button type="button" className="chip" onClick={() => onPick(values)}>
                {label}
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      {looked.kind === 'failed' ? <ErrorNote error={looked.error} onRetry={() => void look()} /> : null}
    </div>
  )
}

function words(looked: Looked): string {
  if (looked.kind === 'no') return 'Finds what runs here; nothing is changed.'
  if (looked.kind !== 'found') return ''
  return looked.found.length === 0
    ? 'Nothing answers here yet. Start it, sign in, allow API connections, then look again.'
    : 'Choose one to fill in the form.'
}

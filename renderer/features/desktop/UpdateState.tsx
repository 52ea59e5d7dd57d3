import type { UpdateView } from '../../../shared/contract/desktop.ts'
import { updateWords } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { ErrorNote } from '../../ui/notes.tsx'

interface StateProps {
  readonly update: UpdateView
  readonly onRetry?: () => void
}

/** How an update stands: in words, with its progress, and what is in the way. */
export function UpdateState({ update, onRetry }: StateProps) {
  const now = useNow(30)
  const { state, progress, trouble } = update
  const words = updateWords(update, now)
  if (state === 'off' && trouble) {
    return (
      <p>
        {trouble.message} <span className="sub">{trouble.action}</span>
      </p>
    )
  }
  return (
    <div className="stack">
      <output aria-live="polite">{words}</output>
      {state === 'downloading' ? <progress className="progress" aria-label="Download" value={progress ?? undefined} max={1} /> : null}
      {trouble ? <ErrorNote error={trouble} {...(state === 'failed' && onRetry ? { onRetry, retryWord: 'Look again' } : {})} /> : null}
    </div>
  )
}

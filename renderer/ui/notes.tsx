import { type ReactNode, useEffect, useRef } from 'react'
import type { ErrorView } from '../../shared/contract/errors.ts'
import type { Instant } from '../../shared/domain/time.ts'
import { formatAge } from '../lib/format/index.ts'
import { Button } from './Button.tsx'
import { CopyButton } from './copy.tsx'
import { Icon, type IconName } from './icons.tsx'

type ShownError = Pick<ErrorView, 'message' | 'action'> & {
  readonly code: string
  readonly retryAfterMs?: number | undefined
  readonly brokerSays?: string | undefined
}

interface ErrorNoteProps {
  readonly error: ShownError
  readonly onRetry?: (() => void) | undefined
  readonly retryWord?: string
  /** Who is quoted when the broker's own words came along. */
  readonly speaker?: string
  readonly children?: ReactNode
}

/** A failure where it happened: the sentence, the way out, its code, and the details to copy. */
export function ErrorNote({ error, onRetry, retryWord = 'Try again', speaker = 'The broker', children }: ErrorNoteProps) {
  const details = JSON.stringify(
    { code: error.code, message: error.message, action: error.action, retryAfterMs: error.retryAfterMs, brokerSays: error.brokerSays },
    null,
    2,
  )
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // In a low window it would come below what is in view of its dialog.
    if (place.current?.closest('[role="dialog"]')) place.current.scrollIntoView({ block: 'nearest' })
  }, [error.code, error.message])
  return (
    <div className="note bad settle" role="alert" ref={place}>
      <Icon name="warn" />
      <div className="grow">
        <p>
          <span className="strong">{error.message}</span> {error.action}
        </p>
        {error.brokerSays ? <Quotation speaker={speaker} words={error.brokerSays} /> : null}
        <div className="acts">
          {onRetry ? <Button onClick={onRetry}>{retryWord}</Button> : null}
          {children}
          <CopyButton text={details}>Copy details</CopyButton>
          <span className="code">{error.code}</span>
        </div>
      </div>
    </div>
  )
}

function Quotation({ speaker, words }: { readonly speaker: string; readonly words: string }) {
  return (
    <figure className="quote">
      <figcaption className="stamp">{`${speaker} says`}</figcaption>
      <blockquote>{words}</blockquote>
    </figure>
  )
}

/** The last read failed; what is shown is older. */
export function StaleNote({
  error,
  readAt,
  now,
  onRetry,
}: {
  readonly error: ShownError
  readonly readAt: Instant
  readonly now: Instant
  readonly onRetry: () => void
}) {
  return (
    <output className="note info">
      <Icon name="info" />
      <p className="grow">
        Shown as read {formatAge(readAt, now)}. {error.message}
      </p>
      <Button onClick={onRetry}>Read again</Button>
    </output>
  )
}

interface EmptyStateProps {
  readonly icon: IconName
  readonly title: string
  readonly children: ReactNode
  readonly action?: ReactNode
}

/** Nothing here yet: what this place is for, and the one thing to do. */
export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="empty settle">
      <Icon name={icon} />
      <h2>{title}</h2>
      <p>{children}</p>
      {action ? <div className="row">{action}</div> : null}
    </div>
  )
}

/** Grey shapes in place of what is being read; they stay away for the first 150 ms. */
export function Skeletons({ heights, label = 'Loading' }: { readonly heights: readonly number[]; readonly label?: string }) {
  return (
    <output className="skeletons" aria-label={label}>
      {heights.map((height, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the shapes are all alike and never move
        <span key={index} className="skeleton" style={{ height }} />
      ))}
    </output>
  )
}

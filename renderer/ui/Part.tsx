import type { ComponentProps, ReactNode } from 'react'
import type { Instant } from '../../shared/domain/time.ts'
import { ErrorNote, Skeletons, StaleNote } from './notes.tsx'

type ShownError = ComponentProps<typeof ErrorNote>['error']

/** Data on its way, as every store keeps it. */
type Coming<T> =
  | { readonly status: 'idle' | 'loading' }
  | { readonly status: 'failed'; readonly error: ShownError }
  | { readonly status: 'ready'; readonly data: T; readonly readAt: Instant; readonly problem: ShownError | null }

interface PartProps<T> {
  readonly of: Coming<T>
  readonly now: Instant
  /** Said while it is read. */
  readonly label: string
  readonly heights: readonly number[]
  readonly onRetry: () => void
  readonly children: (data: T) => ReactNode
}

interface RowsProps<T> extends Omit<PartProps<T>, 'children'> {
  /** The rows; `stale` when reading them again failed. */
  readonly children: (data: T, stale: boolean) => ReactNode
}

/** The same of a list that fills its panel: what is said above the rows keeps its distance, the rows do not. */
export function RowsPart<T>({ of, now, label, heights, onRetry, children }: RowsProps<T>) {
  const said =
    of.status === 'failed' ? (
      <ErrorNote error={of.error} onRetry={onRetry} />
    ) : of.status !== 'ready' ? (
      <Skeletons heights={heights} label={label} />
    ) : of.problem ? (
      <StaleNote error={of.problem} readAt={of.readAt} now={now} onRetry={onRetry} />
    ) : null
  return (
    <>
      {said ? <div className="panel-pad">{said}</div> : null}
      {of.status === 'ready' ? children(of.data, of.problem !== null) : null}
    </>
  )
}

/** One part of a page by the state of its data: shapes while it is read, the failure where it happened, what was known before with its age. */
export function Part<T>({ of, now, label, heights, onRetry, children }: PartProps<T>) {
  if (of.status === 'failed') return <ErrorNote error={of.error} onRetry={onRetry} />
  if (of.status !== 'ready') return <Skeletons heights={heights} label={label} />
  if (!of.problem) return children(of.data)
  return (
    <div className="stack">
      <StaleNote error={of.problem} readAt={of.readAt} now={now} onRetry={onRetry} />
      <div className="stale">{children(of.data)}</div>
    </div>
  )
}

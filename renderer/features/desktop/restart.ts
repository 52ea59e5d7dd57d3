import { useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { errorViewOf } from '../../state/failure.ts'

interface Ending {
  readonly busy: boolean
  readonly error: ErrorView | null
  readonly run: () => void
}

/** Runs what ends this window: it stays busy when it worked, because the window goes with it. */
export function useEnding(work: () => Promise<void>): Ending {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  const run = () => {
    setBusy(true)
    setError(null)
    work().catch((failure: unknown) => {
      setError(errorViewOf(failure))
      setBusy(false)
    })
  }
  return { busy, error, run }
}

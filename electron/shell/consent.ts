import type { Consent } from '../core/ports.ts'
import { createHandPace } from './hand-pace.ts'
import type { Answer, Box } from './questions.ts'

export interface ConsentDeps {
  /** Shows a native box, over the window when there is one. */
  readonly show: (box: Box) => Promise<Answer>
  /** Milliseconds that only grow; those of this process by default. */
  readonly now?: () => number
}

const NO = 0
const YES = 1

/**
 * Asks in a box of the main process, which a page cannot see, cover or answer. No is the default and what closing it means. One box at a
 * time, and no more of them than somebody asks for by hand, so that nobody is worn down: any other is answered with no.
 */
export function createConsent({ show, now }: ConsentDeps): Consent {
  const pace = createHandPace(now)
  let isAsking = false
  return {
    async ask({ message, detail, yes }, { signal }) {
      if (isAsking || signal.aborted || pace.isTooFast()) return false
      isAsking = true
      try {
        const box: Box = {
          type: 'warning',
          message,
          detail,
          buttons: ['No, change nothing', yes],
          defaultId: NO,
          cancelId: NO,
          noLink: true,
          signal,
        }
        return (await show(box)).response === YES && !signal.aborted
      } catch {
        return false
      } finally {
        isAsking = false
      }
    },
  }
}

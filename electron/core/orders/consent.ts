import { AppError } from '../../../shared/contract/errors.ts'
import type { Consent, ConsentQuestion } from '../ports.ts'

/** A yes of the person at the screen, for what lets more be traded than before. No page and no program can give it. */
export interface Yes {
  /**
   * Asks in a box of the system, where the host has one; else what asked is enough. Throws order/not-confirmed, and app/locked when the
   * app lock closed meanwhile. Look again at what the question was about afterwards: a box may stay open for long.
   */
  require(question: ConsentQuestion, options: { readonly signal: AbortSignal }): Promise<void>
}

export function createYes({ consent, isLocked }: { readonly consent: Consent | undefined; readonly isLocked: () => boolean }): Yes {
  return {
    async require(question, { signal }) {
      if (!consent) return
      const isYes = await consent.ask(question, { signal })
      if (isLocked()) throw new AppError('app/locked')
      if (!isYes || signal.aborted) throw new AppError('order/not-confirmed')
    },
  }
}

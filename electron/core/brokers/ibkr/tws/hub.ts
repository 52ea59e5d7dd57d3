import type { TwsMessage } from './messages.ts'

/** Passes each message to everyone who listens. One who fails ends the round with its error. */
export interface Hub {
  say(message: TwsMessage): void
  /** The answer stops it. */
  listen(listener: (message: TwsMessage) => void): () => void
}

export function createHub(): Hub {
  const listeners = new Set<(message: TwsMessage) => void>()
  return {
    say(message) {
      // A copy: listeners come and go while one is told.
      for (const listener of new Set(listeners)) listener(message)
    },
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

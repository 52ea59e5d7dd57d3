import type { AppEvent, NewEvent } from '../../../shared/contract/events.ts'
import type { Log } from '../log/log.ts'

export interface Events {
  emit(event: NewEvent): void
  subscribe(listener: (event: AppEvent) => void): () => void
}

/** Numbers events and hands them to every listener. Emit only after the commit the event tells of. */
export function createEvents({ log }: { log: Log }): Events {
  const listeners = new Set<(event: AppEvent) => void>()
  let revision = 0
  return {
    emit(event) {
      revision += 1
      const numbered: AppEvent = { ...event, revision }
      for (const listener of listeners) {
        try {
          listener(numbered)
        } catch (cause) {
          log.error('event.listener-failed', { type: event.type, cause: cause instanceof Error ? cause.message : 'unknown' })
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

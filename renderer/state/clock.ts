import { useSyncExternalStore } from 'react'
import { Instant } from '../../shared/domain/time.ts'

let skewMs = 0

/** Sets the window's clock by the host's, read a moment ago. */
export function setHostTime(host: Instant): void {
  skewMs = Instant.toEpochMs(host) - Date.now()
}

/** Now, by the host's clock. */
export function now(): Instant {
  return Instant.fromEpochMs(Date.now() + skewMs)
}

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let second = 0

function tick() {
  if (document.hidden) return
  second = Math.floor((Date.now() + skewMs) / 1000)
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(tick, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function readSecond(): number {
  if (timer === undefined || second === 0) second = Math.floor((Date.now() + skewMs) / 1000)
  return second
}

/** The current moment, moving in steps of `stepSeconds`; a component redraws only when its step changes. */
export function useNow(stepSeconds = 1): Instant {
  const step = useSyncExternalStore(subscribe, () => Math.floor(readSecond() / stepSeconds))
  return Instant.fromEpochMs(step * stepSeconds * 1000)
}

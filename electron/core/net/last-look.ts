/**
 * What is asked of a call at the moment it would leave, by the signal it goes with. A timer sleeps when the computer does, and whoever
 * was given the signal may have waited since: who sets a limit has to look at the clock once more, and aborts the signal.
 */
const looks = new WeakMap<AbortSignal, () => void>()

/** Answers the signal, which `look` may abort; it is called when the first byte is about to leave, and nothing leaves then. */
export function withLastLook(signal: AbortSignal, look: () => void): AbortSignal {
  looks.set(signal, look)
  return signal
}

/** To be called right before anything leaves; look at the signal afterwards. */
export function lastLook(signal: AbortSignal): void {
  looks.get(signal)?.()
}

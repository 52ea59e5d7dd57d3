const PAUSE_MS = 100

/** Waits a moment each time it is asked, and answers false once it has been asked for too long. */
export function createPatience(ms: number): () => Promise<boolean> {
  const until = performance.now() + ms
  return async () => {
    if (performance.now() > until) return false
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
    return true
  }
}

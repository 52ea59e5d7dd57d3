/** The part of the app that is used. */
export interface LeavingApp {
  on(event: 'before-quit', run: () => void): unknown
  on(event: 'will-quit', run: (event: { preventDefault(): void }) => void): unknown
  quit(): void
  exit(code: number): void
}

export interface LeavingDeps {
  readonly app: LeavingApp
  /** Stops what is under way and closes the files. Called once. */
  readonly drain: () => Promise<void>
  /** Runs once after some milliseconds; the answer stops it. */
  readonly after: (ms: number, run: () => void) => () => void
  /** The app ended because somebody wanted it to: told before the end, even when draining took too long. */
  readonly onEnd: () => void
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void
}

export interface Leaving {
  isLeaving(): boolean
  /** Ends the app in order, whatever closing the window does. */
  quit(): void
  /** Stops what is under way, for ten seconds at most. Never rejects; asked again it waits for the same end. */
  drain(): Promise<void>
  /** For an end of the session: nobody waits for us, so what marks an end in order is done first. */
  sessionEnds(): void
}

/** What is under way may take this long; then it is left as a power cut would leave it, which costs nothing but time. */
const PATIENCE_MS = 10_000

/** Ends the app: the core first, then the process. */
export function createLeaving({ app, drain, after, onEnd, log }: LeavingDeps): Leaving {
  let isLeaving = false
  let drained: Promise<void> | null = null

  function drainOnce(): Promise<void> {
    isLeaving = true
    drained ??= Promise.race([drain().catch((cause: unknown) => log('shell.drain-failed', { cause })), tooLong()])
    return drained
  }

  function tooLong(): Promise<void> {
    return new Promise(resolve => {
      after(PATIENCE_MS, () => {
        log('shell.drain-too-long', { ms: PATIENCE_MS })
        resolve()
      })
    })
  }

  app.on('before-quit', () => {
    isLeaving = true
  })
  app.on('will-quit', event => {
    event.preventDefault()
    void drainOnce().then(() => {
      onEnd()
      app.exit(0)
    })
  })
  return {
    isLeaving: () => isLeaving,
    quit: () => app.quit(),
    drain: drainOnce,
    sessionEnds() {
      onEnd()
      app.quit()
    },
  }
}

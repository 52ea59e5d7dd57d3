import { AppError, toErrorView } from '../../shared/contract/errors.ts'

export interface FatalDeps {
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void
  /** Shows an error in a native box and waits until it is read. */
  readonly explain: (title: string, text: string) => void
  readonly write: (text: string) => void
  /** Stops what is under way, for a while at most. */
  readonly drain: () => Promise<void>
  readonly exit: (code: number) => void
}

export interface Fatal {
  /** The app cannot start; `isExpected` tells a failure the user can do something about from one of our own. */
  cannotStart(cause: unknown): { readonly isExpected: boolean }
  /** Something nobody handled: what follows cannot be relied on, so the app ends. */
  unhandled(cause: unknown): Promise<void>
}

/** Ends the app with a sentence when it cannot go on. */
export function createFatal({ log, explain, write, drain, exit }: FatalDeps): Fatal {
  let isEnding = false
  return {
    cannotStart(cause) {
      const error = cause instanceof AppError ? cause : new AppError('app/internal', { cause })
      const { message, action } = toErrorView(error)
      log('shell.start-failed', { failure: error.code, cause })
      write(`${message} ${action}\n${cause instanceof Error ? (cause.stack ?? '') : ''}\n`)
      explain('Keelson could not start', `${message} ${action}`)
      return { isExpected: error.code !== 'app/internal' }
    },
    async unhandled(cause) {
      // Whoever read our output has gone; that is no reason to end.
      if (isEnding || isBrokenPipe(cause)) return
      isEnding = true
      log('shell.unhandled', { cause, stack: cause instanceof Error ? (cause.stack ?? '') : '' })
      await drain()
      const { message } = toErrorView(new AppError('app/internal'))
      explain('Keelson has to close', `${message} Start it again; what was being synced goes on from there.`)
      exit(1)
    },
  }
}

function isBrokenPipe(cause: unknown): boolean {
  return (
    cause instanceof Error &&
    'code' in cause &&
    (cause.code === 'EPIPE' || cause.code === 'EIO') &&
    'syscall' in cause &&
    cause.syscall === 'write'
  )
}

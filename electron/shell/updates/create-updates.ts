import type { UpdateView } from '../../../shared/contract/desktop.ts'
import { AppError, toErrorView } from '../../../shared/contract/errors.ts'
import type { Clock, Random } from '../../core/ports.ts'
import { type RunningCopy, whyOff } from './copy.ts'

export interface UpdatesDeps {
  readonly copy: RunningCopy
  /** The public keys built into this copy (`builtInKeys()`), in PEM; empty without. */
  readonly keys: string
  /** A folder of the user's own for what is downloaded and what was seen: `<dataDir>/desktop`. */
  readonly folder: string
  readonly clock: Clock
  readonly random: Random
  readonly isSafeMode: boolean
  /** Whether the user wants it to look by itself; asked before every look. */
  readonly isWanted: () => boolean
  readonly ending: Ending
  /** Certificates to trust in place of the system's. */
  readonly ca?: string
}

/** How the app ends for another version of it to start. */
export interface Ending {
  /** Ends what is under way in order and gives up the single-instance lock. Afterwards the app only ends. */
  drain(): Promise<void>
  /** Ends the app at once. */
  exit(): void
  /** Ends the app at once and starts it again as it is: the way out when the new version could not be installed. */
  relaunch(): void
}

/** Updates of the app by itself. It looks, checks and downloads by itself, and installs only when asked. */
export interface Updates {
  view(): UpdateView
  /** Called when the view changed. The answer stops it. */
  onChange(run: () => void): () => void
  /** Looks for a newer version now and answers how it stands then; one that is found is downloaded meanwhile. Never rejects. */
  check(): Promise<UpdateView>
  /** Ends the app in order and starts the version that is ready. Rejects with desktop/no-update or update/... */
  install(): Promise<void>
  /** Looks once a day from now on, unless the copy cannot update itself. */
  start(): void
  stop(): void
}

export function createUpdates({ copy, keys, isSafeMode }: UpdatesDeps): Updates {
  const off = isSafeMode ? 'update/safe-mode' : whyOff(copy, keys)
  const trouble = off === null ? null : toErrorView(new AppError(off))
  const view: UpdateView = { state: off === null ? 'idle' : 'off', version: null, notes: '', progress: null, checkedAt: null, trouble }
  return {
    view: () => view,
    onChange: () => () => undefined,
    check: () => Promise.resolve(view),
    install: () => Promise.reject(new AppError('desktop/no-update')),
    start: () => undefined,
    stop: () => undefined,
  }
}

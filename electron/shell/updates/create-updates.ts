import path from 'node:path'
import type { UpdateView } from '../../../shared/contract/desktop.ts'
import { AppError, type ErrorCode, toErrorView } from '../../../shared/contract/errors.ts'
import type { Clock, LogSink, Random } from '../../core/ports.ts'
import { type RunningCopy, whyOff } from './copy.ts'
import { startDaily } from './daily.ts'
import type { Found, Finder } from './finder.ts'
import type { RunPowerShell } from './publisher.ts'
import { createSeen } from './seen.ts'
import { readKeys } from './signature.ts'

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
  readonly log?: LogSink
  /** Certificates to trust in place of the system's. */
  readonly ca?: string
  /** Runs PowerShell in the place of the system's. */
  readonly runPowerShell?: RunPowerShell
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

type Change = Partial<UpdateView>

const NOTHING: UpdateView = { state: 'idle', version: null, notes: '', progress: null, checkedAt: null, trouble: null }
const PROBLEMS: ReadonlySet<ErrorCode> = new Set([
  'update/unreachable',
  'update/cut-off',
  'update/no-room',
  'update/not-writable',
  'update/install-failed',
  'app/internal',
])
const MISSING: ReadonlySet<ErrorCode> = new Set(['update/no-feed', 'update/no-publisher'])

export function createUpdates(deps: UpdatesDeps): Updates {
  const { copy, clock, ending } = deps
  const keys = readKeys(deps.keys)
  const off = deps.isSafeMode ? 'update/safe-mode' : whyOff(copy, keys.length > 0)
  const seen = createSeen(deps.folder, deps.random)
  const listeners = new Set<() => void>()
  const stopped = new AbortController()
  let view: UpdateView =
    off === null ? { ...NOTHING, checkedAt: seen.get().checkedAt } : { ...NOTHING, state: 'off', trouble: troubleOf(off) }
  let finder: Promise<Finder> | undefined
  let looking: Promise<void> | undefined
  let installing: Promise<void> | undefined
  let found: Found | null = null
  let stopDaily = (): void => undefined

  function show(change: Change): void {
    view = { ...view, ...change }
    for (const run of listeners) run()
  }
  function fail(cause: unknown): void {
    // What the end of the app breaks off is no failure.
    if (stopped.signal.aborted && !installing) return
    const error = cause instanceof AppError ? cause : new AppError('app/internal', { cause })
    const { state } = failedAs(error.code)
    deps.log?.({
      at: clock.now(),
      level: state === 'refused' ? 'error' : 'warn',
      event: 'update.failed',
      fields: { code: error.code, version: found?.offer.version ?? null },
    })
    show({ state, progress: null, trouble: toErrorView(error) })
  }
  function open(): Promise<Finder> {
    finder ??= import('./finder.ts').then(({ createFinder }) =>
      createFinder({ ...deps, keys, seen, configFile: path.join(copy.resourcesPath, 'app-update.yml'), signal: stopped.signal }),
    )
    return finder
  }
  async function look(): Promise<void> {
    found = null
    show({ state: 'checking', version: null, notes: '', progress: null, trouble: null })
    try {
      take(await (await open()).find())
    } catch (error) {
      fail(error)
    }
  }
  /** A version that is ready may be taken back or followed by another before the user says so. */
  async function review(): Promise<void> {
    try {
      const next = await (await open()).find()
      const isSame = next?.offer.version === found?.offer.version && next?.offer.file.sha512 === found?.offer.file.sha512
      if (!isSame && view.state === 'ready' && !installing) take(next)
    } catch {
      // What is ready was checked, and is once more when it is installed.
    }
  }
  function take(next: Found | null): void {
    found = next
    const { version, notes } = next ? { version: next.offer.version, notes: next.notes } : { version: null, notes: '' }
    show({ state: next ? 'downloading' : 'idle', checkedAt: seen.get().checkedAt, version, notes, progress: next ? 0 : null })
    if (next) void load(next)
  }
  async function load(update: Found): Promise<void> {
    try {
      const isHere = await update.download(part => {
        // A window draws hundredths at most.
        if (part - (view.progress ?? 0) >= 0.01) show({ progress: part })
      })
      show(isHere ? { state: 'ready', progress: null } : { state: 'idle', version: null, notes: '', progress: null })
    } catch (error) {
      fail(error)
    }
  }
  async function check(): Promise<UpdateView> {
    if (off === null && view.state !== 'downloading' && !installing) {
      looking ??= (view.state === 'ready' ? review() : look()).finally(() => (looking = undefined))
      await looking
    }
    return view
  }
  async function install(update: Found): Promise<void> {
    try {
      await update.stage()
    } catch (error) {
      fail(error)
      throw error
    }
    await ending.drain()
    try {
      await update.install()
    } catch (error) {
      fail(error)
      ending.relaunch()
      throw error
    }
    if (copy.platform !== 'darwin') ending.exit()
  }

  return {
    view: () => view,
    onChange(run) {
      listeners.add(run)
      return () => void listeners.delete(run)
    },
    check,
    install() {
      if (view.state !== 'ready' || !found) return Promise.reject(new AppError('desktop/no-update'))
      installing ??= install(found).finally(() => (installing = undefined))
      return installing
    },
    start() {
      if (off === null) stopDaily = startDaily({ ...deps, last: seen.get().checkedAt, look: check })
    },
    stop() {
      stopDaily()
      stopped.abort()
    },
  }
}

function failedAs(code: ErrorCode): { state: 'off' | 'failed' | 'refused' } {
  if (MISSING.has(code)) return { state: 'off' }
  return { state: PROBLEMS.has(code) ? 'failed' : 'refused' }
}

function troubleOf(code: ErrorCode): UpdateView['trouble'] {
  const { message, action } = toErrorView(new AppError(code))
  return { code, message, action }
}

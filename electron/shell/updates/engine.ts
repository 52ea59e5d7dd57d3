import { spawn } from 'node:child_process'
import { AppImageUpdater, MacUpdater, NsisUpdater, Provider, type UpdateInfo } from 'electron-updater'
import type { AppAdapter } from 'electron-updater/out/AppAdapter.js'
import type { ProviderRuntimeOptions } from 'electron-updater/out/providers/Provider.js'
import { AppError } from '../../../shared/contract/errors.ts'
import { appImageOf, type RunningCopy } from './copy.ts'
import { assertIntact, download, type DownloadOptions } from './download.ts'
import type { UpdateFile } from './manifest.ts'
import { isSignedBy, type RunPowerShell } from './publisher.ts'
import { replaceProgram } from './replace-program.ts'

/** An update whose manifest was found to be signed. */
export interface Offer {
  readonly version: string
  readonly url: URL
  readonly file: UpdateFile
  readonly minimumSystemVersion: string | null
}

export interface EngineDeps {
  readonly copy: RunningCopy
  /** The file electron-builder left beside the app. */
  readonly configFile: string
  /** Where downloads are kept. */
  readonly folder: string
  /** Who signs the installers for Windows; not asked for elsewhere. */
  readonly publishers: readonly string[]
  readonly runPowerShell?: RunPowerShell | undefined
}

/** What of electron-updater is used: it keeps downloads, checks publishers and knows how each system installs. */
export type Engine = ReturnType<typeof createEngine>

export function createEngine(deps: EngineDeps) {
  const { copy, publishers, runPowerShell } = deps
  const updater = createUpdater(deps)
  const appImage = appImageOf(copy) ?? ''
  updater.logger = null
  updater.autoDownload = false
  updater.autoInstallOnAppQuit = false
  updater.allowDowngrade = false
  updater.allowPrerelease = false
  updater.disableWebInstaller = true
  updater.disableDifferentialDownload = true
  updater.forceDevUpdateConfig = true
  updater.isUserWithinRollout = () => true
  let failure: unknown = null
  updater.on('error', error => (failure = error))
  if (updater instanceof NsisUpdater) {
    updater.verifyUpdateCodeSignature = async (_names, file) =>
      (await isSignedBy(publishers, file, runPowerShell)) ? null : 'another publisher'
  }

  const recheck = (place: string, offer: Offer): Promise<void> => assertGenuine(place, offer, deps)
  return {
    /** Downloads what is offered and answers where it is; null when this system is too old for it. */
    async download(offer: Offer, options: DownloadOptions): Promise<string | null> {
      offerTo(updater, offer, options)
      try {
        if (!(await updater.checkForUpdates())?.isUpdateAvailable) return null
        const [place] = await updater.downloadUpdate()
        if (place === undefined) throw new AppError('update/damaged')
        await recheck(place, offer)
        return place
      } catch (cause) {
        throw readFailure(cause)
      }
    },
    recheck,
    /** Does what of the installation does no harm to the app that runs; what is there afterwards is the new version or the old, whole. */
    async stage(place: string, { file }: Offer): Promise<void> {
      try {
        if (updater instanceof AppImageUpdater) await replaceProgram(place, appImage, file)
        else if (updater instanceof MacUpdater) await (await import('./squirrel.ts')).stage()
      } catch (cause) {
        throw installFailed(cause)
      }
    },
    /** Starts the new version, or what installs it. The app has to end right after. Throws update/install-failed, update/damaged. */
    async install(place: string, { file }: Offer): Promise<void> {
      failure = null
      if (updater instanceof AppImageUpdater) return startProgram(appImage)
      // Ending the app took its time, and what is gone would be handed to the system's own way of opening files.
      if (updater instanceof NsisUpdater) await assertIntact(place, file)
      if (updater instanceof MacUpdater) updater.quitAndInstall()
      else if (!updater.install(true, true)) throw installFailed(failure)
      // A program that cannot be started says so in the next turn.
      await new Promise(resolve => setImmediate(resolve))
      if (failure !== null) throw installFailed(failure)
    },
  }
}

/** Throws unless the file on the disk is the one offered, from its publisher. */
async function assertGenuine(place: string, { file }: Offer, { copy, publishers, runPowerShell }: EngineDeps): Promise<void> {
  await assertIntact(place, file)
  const isWindows = copy.platform === 'win32'
  if (isWindows && !(await isSignedBy(publishers, place, runPowerShell))) throw new AppError('update/wrong-publisher')
}

/** Starts a program that outlives this one, on the same data and without what the mounted AppImage put into the environment. */
function startProgram(file: string): Promise<void> {
  const { APPDIR: _dir, APPIMAGE: _image, ARGV0: _name, OWD: _folder, ...env } = process.env
  const args = process.argv.slice(1).filter(arg => arg.startsWith('--data-dir='))
  const child = spawn(file, args, { detached: true, stdio: 'ignore', env })
  return new Promise((resolve, reject) => {
    child.once('error', cause => reject(installFailed(cause)))
    child.once('spawn', () => {
      child.unref()
      resolve()
    })
  })
}

function createUpdater(deps: EngineDeps): AppImageUpdater | MacUpdater | NsisUpdater {
  const { copy, configFile, folder } = deps
  const app: AppAdapter = {
    version: copy.version,
    name: 'Keelson',
    isPackaged: true,
    appUpdateConfigPath: configFile,
    userDataPath: folder,
    baseCachePath: folder,
    whenReady: () => Promise.resolve(),
    relaunch: () => undefined,
    quit: () => undefined,
    onQuit: () => undefined,
  }
  if (copy.platform === 'win32') return new NsisUpdater(null, app)
  if (copy.platform === 'darwin') return new MacUpdater(undefined, app)
  return new AppImageUpdater(null, app)
}

/** Makes the updater see one update, the one offered, and load it by our own download alone. */
function offerTo(updater: AppImageUpdater | MacUpdater | NsisUpdater, offer: Offer, options: DownloadOptions): void {
  const { version, url, file, minimumSystemVersion } = offer
  const described = { url: file.name, sha512: file.sha512, size: file.size }
  const system = minimumSystemVersion === null ? {} : { minimumSystemVersion }
  const info: UpdateInfo = { version, files: [described], path: file.name, sha512: file.sha512, releaseDate: '', ...system }
  Reflect.set(updater, 'httpExecutor', { download: (from: URL, place: string) => download(from, place, file, options) })
  const updateProvider = class extends Provider<UpdateInfo> {
    constructor(_options: unknown, _updater: unknown, runtime: ProviderRuntimeOptions) {
      super(runtime)
    }
    override getLatestVersion = (): Promise<UpdateInfo> => Promise.resolve(info)
    override resolveFiles = () => [{ url, info: described }]
  }
  updater.setFeedURL({ provider: 'custom', updateProvider })
}

function readFailure(cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  const isPublisher = cause instanceof Error && 'code' in cause && cause.code === 'ERR_UPDATER_INVALID_SIGNATURE'
  return new AppError(isPublisher ? 'update/wrong-publisher' : 'update/cut-off', { cause })
}

function installFailed(cause: unknown): AppError {
  return cause instanceof AppError ? cause : new AppError('update/install-failed', { cause })
}

import type { KeyObject } from 'node:crypto'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../../../shared/contract/errors.ts'
import type { Clock } from '../../core/ports.ts'
import type { RunningCopy } from './copy.ts'
import { createEngine, type Engine, type Offer } from './engine.ts'
import { assertInForce, fetchManifest, readConfig } from './look.ts'
import type { Manifest } from './manifest.ts'
import type { RunPowerShell } from './publisher.ts'
import type { createSeen } from './seen.ts'
import { isInRollout } from './staging.ts'
import { isUpgrade, readVersionText } from './version.ts'

export interface FinderDeps {
  readonly copy: RunningCopy
  readonly configFile: string
  readonly folder: string
  readonly keys: readonly KeyObject[]
  readonly seen: ReturnType<typeof createSeen>
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly ca?: string
  readonly runPowerShell?: RunPowerShell
}

/** A newer version that is for this copy. */
export interface Found {
  readonly offer: Offer
  readonly notes: string
  /** Downloads and checks it. Answers false when this system is too old for it. */
  download(onProgress: (part: number) => void): Promise<boolean>
  /** Checks it again and does what of the installation does no harm to the app that runs. */
  stage(): Promise<void>
  /** Starts it, or what installs it. The app has to end right after. */
  install(): Promise<void>
}

export type Finder = ReturnType<typeof createFinder>

/** Finds newer versions. This is what loads electron-updater. */
export function createFinder(deps: FinderDeps) {
  const { copy, configFile, folder, seen, clock, keys, signal, ca, runPowerShell } = deps
  const config = readConfig(configFile, copy)
  const downloads = path.join(folder, 'updates')
  const options = { signal, ca }

  function find(): Promise<Found | null> {
    return fetchManifest({ config, copy, keys, now: clock.now(), newest: seen.get().signedAt }, options).then(manifest => {
      seen.set({ signedAt: manifest.signedAt, checkedAt: clock.now() })
      if (isForThisCopy(manifest)) return foundAs(manifest)
      clear(downloads)
      return null
    })
  }
  function isForThisCopy({ version, staging }: Manifest): boolean {
    const [mine, offered] = [readVersionText(copy.version), readVersionText(version)]
    if (!offered) throw new AppError('update/unreadable')
    return mine !== null && isUpgrade(mine, offered) && isInRollout(staging, seen.get().copyId, version)
  }
  function foundAs(manifest: Manifest): Found {
    const { version, file, minimumSystemVersion } = manifest
    const offer: Offer = { version, file, minimumSystemVersion, url: new URL(file.name, config.base) }
    const engine: Engine = createEngine({ copy, configFile, folder: downloads, publishers: config.publishers, runPowerShell })
    let place: string | null = null
    return {
      offer,
      notes: manifest.notes,
      async download(onProgress) {
        place = await engine.download(offer, { ...options, onProgress })
        return place !== null
      },
      async stage() {
        if (place === null) throw new AppError('desktop/no-update')
        assertInForce(manifest, clock.now())
        try {
          await engine.recheck(place, offer)
        } catch (error) {
          clear(downloads)
          throw error
        }
        await engine.stage(place, offer)
      },
      async install() {
        if (place === null) throw new AppError('desktop/no-update')
        await engine.install(place, offer)
      },
    }
  }
  return { find }
}

/** What was downloaded before is of no use any more. An installer that still runs keeps its file, until the next look. */
function clear(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // In use.
  }
}

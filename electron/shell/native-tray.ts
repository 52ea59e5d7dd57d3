import path from 'node:path'
import { Menu, nativeImage, Tray as ElectronTray } from 'electron'
import type { Base } from './base.ts'
import type { Deed } from './deeds.ts'
import type { Started } from './start-core.ts'
import { trayPicture } from './tray-picture.ts'
import { createTray, isMenuWritten, type Tray } from './tray.ts'
import { type TrayFacts, trayModel } from './tray-model.ts'
import { createTrayWatch, type TrayWatch } from './tray-watch.ts'

export interface TrayStart {
  readonly base: Base
  /** Holds the pictures. */
  readonly folder: string
  readonly run: (deed: Deed) => void
}

export interface TrayHandle {
  /** Shows how the core is from now on. */
  follow(started: Started): void
  /** Reads everything again: the computer was away. */
  look(): void
}

/** Puts the icon beside the clock; null where the system has no place for it. */
export function startTray({ base: { clock, crashes, log }, folder, run }: TrayStart): TrayHandle | null {
  let facts: TrayFacts = { kind: 'starting' }
  let watch: TrayWatch | null = null
  const tray = openTray(
    folder,
    () => trayModel(facts, clock.now()),
    run,
    cause => log.warn('shell.tray-failed', { cause }),
  )
  if (!tray) return null
  return {
    look: () => watch?.look(),
    follow({ ask, core, updates }) {
      watch = createTrayWatch({
        ask,
        clock,
        subscribe: core.subscribe,
        isSafeMode: crashes.isSafeMode,
        isMenuWritten: isMenuWritten(process.platform),
        updateVersion() {
          const { state, version } = updates.view()
          return state === 'ready' ? version : null
        },
        onFacts(next) {
          facts = next
          tray.renew()
        },
      })
    },
  }
}

function openTray(
  folder: string,
  model: () => ReturnType<typeof trayModel>,
  run: (deed: Deed) => void,
  onFailure: (cause: unknown) => void,
): Tray | null {
  const { platform } = process
  try {
    return createTray<Electron.NativeImage, Menu>({
      platform,
      make: image => new ElectronTray(image),
      image: icon => nativeImage.createFromPath(path.join(folder, trayPicture(icon, platform))),
      menu: entries => Menu.buildFromTemplate([...entries]),
      model,
      onDeed: run,
    })
  } catch (cause) {
    onFailure(cause)
    return null
  }
}

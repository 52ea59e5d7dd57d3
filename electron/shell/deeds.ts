import type { Ask } from './ask.ts'
import type { Screens } from './life.ts'
import type { MenuDeed } from './menu-model.ts'
import { isSyncable, type TrayDeed } from './tray-model.ts'
import type { ZoomChange } from './zoom.ts'

export interface DeedsDeps {
  readonly ask: Ask
  readonly screens: Screens
  readonly zoom: (change: ZoomChange) => void
  readonly showDataFolder: () => void
  readonly quit: () => void
}

export type Deed = MenuDeed | TrayDeed

/** Does what was chosen in the tray or in a menu. Whatever the core refuses shows where it is looked after, in the window. */
export function createDeeds({ ask, screens, zoom, showDataFolder, quit }: DeedsDeps): (deed: Deed) => void {
  async function syncAll(): Promise<void> {
    const connections = await ask('connections.list', {})
    if (!connections.ok) return
    await Promise.all(connections.data.filter(isSyncable).map(({ id }) => ask('sync.run', { connectionId: id })))
  }
  /** Works under the app lock too. What went wrong is said where the switch is. */
  async function kill(): Promise<void> {
    const stopped = await ask('orders.kill', { by: 'tray' })
    if (!stopped.ok) screens.show({ page: 'orders' })
  }
  return deed => {
    switch (deed.do) {
      case 'show':
        return screens.show(deed.screen ?? undefined)
      case 'sync':
        return void syncAll()
      case 'pause':
        return void ask('sync.pause', { paused: deed.paused })
      case 'kill':
        return void kill()
      case 'lock':
        return void ask('lock.now', {})
      case 'zoom':
        return zoom(deed.change)
      case 'show-data-folder':
        return showDataFolder()
      case 'check-for-updates':
        screens.show({ page: 'settings', act: 'update' })
        return void ask('updates.check', {})
      case 'quit':
        return quit()
    }
  }
}

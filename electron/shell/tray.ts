import type { TrayDeed, TrayIcon, TrayItem, TrayModel } from './tray-model.ts'

/** The part of Electron's tray that is used. */
export interface NativeTray<Image, Menu> {
  setImage(image: Image): void
  setToolTip(text: string): void
  setContextMenu(menu: Menu | null): void
  popUpContextMenu(menu?: Menu): void
  on(event: 'click' | 'right-click', run: () => void): unknown
  destroy(): void
}

/** One entry of a native menu. */
export interface MenuEntry {
  readonly label?: string
  readonly type?: 'separator' | 'normal'
  readonly enabled?: boolean
  readonly click?: () => void
}

export interface TrayDeps<Image, Menu> {
  readonly platform: NodeJS.Platform
  readonly make: (image: Image) => NativeTray<Image, Menu>
  readonly image: (icon: TrayIcon) => Image
  readonly menu: (entries: readonly MenuEntry[]) => Menu
  /** What to show now, worked out when it is asked for. */
  readonly model: () => TrayModel
  readonly onDeed: (deed: TrayDeed) => void
}

export interface Tray {
  /** Shows what the model says now. */
  renew(): void
  destroy(): void
}

/** True where the menu of a tray must be given before it is opened: Linux desktops fetch it over D-Bus when they please. */
export function isMenuWritten(platform: NodeJS.Platform): boolean {
  return platform !== 'darwin' && platform !== 'win32'
}

/** The icon beside the clock. Where the system lets it, its menu is made when it is opened, so that it is never old. */
export function createTray<Image, Menu>({ platform, make, image, menu, model, onDeed }: TrayDeps<Image, Menu>): Tray {
  let shown = model()
  const tray = make(image(shown.icon))
  const build = ({ items }: TrayModel): Menu => menu(items.map(entryOf))
  // Electron holds on to no menu that is popped up: one that is collected meanwhile closes, or takes the app with it.
  let opened: Menu | null = null

  function open(): void {
    opened = build(model())
    tray.popUpContextMenu(opened)
  }

  function entryOf(item: TrayItem): MenuEntry {
    if (item === 'line') return { type: 'separator' }
    const { label, deed } = item
    // A single & would underline the letter after it.
    const text = label.replaceAll('&', '&&')
    return deed === null ? { label: text, enabled: false } : { label: text, click: () => onDeed(deed) }
  }

  tray.setToolTip(shown.tooltip)
  if (isMenuWritten(platform)) tray.setContextMenu(build(shown))
  else tray.on('right-click', open)
  // A click opens the menu on macOS and the app elsewhere, as in those systems.
  tray.on('click', platform === 'darwin' ? open : () => onDeed({ do: 'show', screen: null }))

  return {
    renew() {
      const next = model()
      if (next.icon !== shown.icon) tray.setImage(image(next.icon))
      if (next.tooltip !== shown.tooltip) tray.setToolTip(next.tooltip)
      // A menu that is open closes when another takes its place, so only a different one does.
      if (isMenuWritten(platform) && JSON.stringify(next.items) !== JSON.stringify(shown.items)) tray.setContextMenu(build(next))
      shown = next
    },
    destroy() {
      opened = null
      tray.destroy()
    },
  }
}

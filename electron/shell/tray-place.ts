export interface TrayPlaceDeps<Tray> {
  /** Whether the desktop shows tray icons now. Never rejects. */
  readonly ask: () => Promise<boolean>
  /** Makes the icon; null where that fails. */
  readonly open: () => Tray | null
  /** Runs once after some milliseconds. */
  readonly after: (ms: number, run: () => void) => unknown
}

/** Where the app is found without a window. */
export interface TrayPlace<Tray> {
  /** The icon, once there was a place for it. */
  tray(): Tray | null
  /** Whether the icon shows, as it was when somebody looked last. */
  isThere(): boolean
  /** Looks for the place, and makes the icon when there is one for the first time. */
  look(): Promise<boolean>
  /** Looks again for some seconds while there is none: at a login the desktop may still be coming up. */
  wait(): Promise<boolean>
}

/** A quarter of a minute in all. */
const WAITS_MS = [1_000, 2_000, 4_000, 8_000] as const

/** The place of the tray, which on Linux may come after the app and go before it. */
export function createTrayPlace<Tray>({ ask, open, after }: TrayPlaceDeps<Tray>): TrayPlace<Tray> {
  let tray: Tray | null = null
  let isShown = false

  async function look(): Promise<boolean> {
    const isPlace = await ask()
    if (isPlace) tray ??= open()
    isShown = isPlace && tray !== null
    return isShown
  }

  async function wait(): Promise<boolean> {
    for (const ms of WAITS_MS) {
      if (await look()) return true
      await new Promise<void>(resolve => void after(ms, resolve))
    }
    return look()
  }

  return { tray: () => tray, isThere: () => isShown, look, wait }
}

import type { Screens } from './life.ts'
import { linkAmong, readDeepLink } from './deep-link.ts'
import { HIDDEN_FLAG } from './login-item.ts'

interface Preventable {
  preventDefault(): void
}

/** The part of the app that is used. */
export interface OutsideApp {
  on(event: 'second-instance', run: (event: unknown, argv: string[]) => void): unknown
  on(event: 'open-url', run: (event: Preventable, url: string) => void): unknown
  on(event: 'activate', run: () => void): unknown
}

export interface OutsideDeps {
  readonly app: OutsideApp
  readonly ready: Promise<Screens>
  readonly isLeaving: () => boolean
  /** Starts the app again once it has ended. */
  readonly startAgain: () => void
}

/** Shows the window when somebody outside asks for it: another start, a click on the dock, a link. macOS sends links before the app is ready. */
export function listenOutside({ app, ready, isLeaving, startAgain }: OutsideDeps): void {
  let isReady = false
  let isComing = false
  const whenReady = (run: (screens: Screens) => void): void => {
    ready.then(run, () => undefined)
  }
  whenReady(() => {
    isReady = true
  })
  app.on('second-instance', (_event, argv) => {
    // The system starting the app once more at a login asks for no window.
    if (argv.includes(HIDDEN_FLAG)) return
    // The start that asks here has ended itself already, so that nothing would be left of it.
    if (isLeaving()) {
      if (!isComing) startAgain()
      isComing = true
    } else whenReady(screens => screens.show(linkAmong(argv) ?? undefined))
  })
  app.on('open-url', (event, url) => {
    event.preventDefault()
    whenReady(screens => screens.show(readDeepLink(url) ?? undefined))
  })
  app.on('activate', () => {
    // It may also come with the start itself, which has its own reasons to show a window or none.
    if (isReady) whenReady(screens => screens.show())
  })
}

/** The part of Electron's powerMonitor that is used. */
export interface PowerEvents {
  on(event: 'resume' | 'unlock-screen' | 'lock-screen', run: () => void): unknown
  on(event: 'shutdown', run: (event?: Preventable) => void): unknown
}

export interface PowerDeps {
  readonly power: PowerEvents
  /** The user left the computer: whatever locks with it. */
  readonly onLockScreen: () => void
  /** The computer is back: whatever the clock alone could not keep up. */
  readonly onReturn: () => void
  readonly onShutdown: () => void
}

/** Follows the computer: its sleep, its lock screen and its end. Sleep and waking reach the core by its own port. */
export function listenPower({ power, onLockScreen, onReturn, onShutdown }: PowerDeps): void {
  power.on('lock-screen', onLockScreen)
  power.on('unlock-screen', onReturn)
  power.on('resume', onReturn)
  power.on('shutdown', event => {
    // Asks the system to wait for an end in order.
    event?.preventDefault()
    onShutdown()
  })
}

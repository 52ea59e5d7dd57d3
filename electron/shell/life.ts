import type { Screen } from '../../shared/contract/screens.ts'

/** The one way to the window for notifications, tray, menus and links. */
export interface Screens {
  /** Brings the window to the front, making one when there is none, and leads it to a screen when one is named. Never throws. */
  show(screen?: Screen): void
}

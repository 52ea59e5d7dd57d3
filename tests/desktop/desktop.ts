import type * as Electron from 'electron'
import type { Page } from 'playwright/test'
import type { Standin } from '../standin/control.ts'
import type { StandinOptions } from '../standin/options.ts'

/** Electron's main process, as `import ... from 'electron'` gives it. */
export type Main = typeof Electron

export interface Item {
  readonly label: string
  readonly sublabel: string
  readonly type: string
  readonly enabled: boolean
  readonly visible: boolean
  readonly checked: boolean
  readonly accelerator: string | null
  readonly role: string | null
  readonly items: readonly Item[]
}

export interface ShownNotification {
  readonly title: string
  readonly body: string
  readonly actions: readonly string[]
}

export type DialogKind = 'showMessageBox' | 'showOpenDialog' | 'showSaveDialog'
export interface Question {
  readonly kind: DialogKind | 'showErrorBox'
  readonly options: Readonly<Record<string, unknown>>
  readonly isOpen: boolean
}

/** The computer that only the stand-in can be told to be. A test that needs it is skipped on a real Electron. */
export type Computer = Omit<StandinOptions, 'app' | 'isPackaged' | 'chromium' | 'recorder'>

export interface DesktopOptions {
  readonly dataDir: string
  readonly env?: NodeJS.ProcessEnv
  /** Arguments of the app, after its folder. */
  readonly args?: readonly string[]
  readonly computer?: Computer
  /** The folder with the app's package.json, such as an extracted package; KEELSON_DESKTOP_APP or this checkout by default. */
  readonly app?: string
  readonly isPackaged?: boolean
  /** How long the main script may take to its end; without limit the launch waits for the test's own. */
  readonly timeoutMs?: number
}

/** What only the host of a running app can do. */
export interface Host {
  readonly kind: 'standin' | 'electron'
  readonly pid: number
  /** Runs a function in the main process. It is sent as text, so it refers to nothing outside itself. */
  evaluate<R, A = undefined>(fn: (electron: Main, arg: A) => R | Promise<R>, arg?: A): Promise<R>
  /** The same, with the computer around the app, which only the stand-in can be told to be. Rejects over a real Electron. */
  computer<R, A = undefined>(fn: (standin: Standin, arg: A) => R | Promise<R>, arg?: A): Promise<R>
  /** The page of the newest window that is open. */
  page(): Promise<Page | undefined>
  /** Starts the app once more beside the running one; answers what it ended with. */
  startAgain(args: readonly string[]): Promise<number | null>
  readonly exited: Promise<number | null>
  output(): string
  kill(): Promise<void>
  /** Lets go of what the test holds, after the app has ended. */
  release(): Promise<void>
}

/** A running app and the user in front of it; the same over the stand-in and a real Electron. */
export interface Desktop extends Pick<Host, 'kind' | 'pid' | 'evaluate' | 'computer' | 'startAgain' | 'exited' | 'output'> {
  readonly dataDir: string
  /** With which arguments the app asked to be started again, if it did. The starting is left to the test. */
  relaunchArgs(): readonly string[] | null
  /** The window, once there is one and its page has come. */
  window(): Promise<Page>
  /** How many windows there are, hidden ones too. */
  windows(): Promise<number>
  /** Whether a window can be seen and has the focus. */
  focused(): Promise<boolean>
  /** Clicks the cross of the window. */
  closeWindow(): Promise<void>
  readonly tray: {
    items(): Promise<readonly Item[]>
    toolTip(): Promise<string | null>
    /** Clicks an item, by its words, wherever it is in the menu. */
    click(label: string): Promise<void>
    /** Clicks the icon itself. */
    press(): Promise<void>
  }
  readonly menu: { items(): Promise<readonly Item[]>; click(label: string): Promise<void> }
  readonly notifications: {
    /** Those that can be seen now. */
    shown(): Promise<readonly ShownNotification[]>
    everShown(): Promise<readonly ShownNotification[]>
    click(title: string): Promise<void>
    act(title: string, action: string): Promise<void>
  }
  readonly dialogs: {
    asked(): Promise<readonly Question[]>
    /** Answers the next dialog of a kind, or the one that is open. */
    answer(kind: DialogKind, answer: object): Promise<void>
  }
  /** Addresses the app gave to the system's browser. None is opened. */
  opened(): Promise<readonly string[]>
  power(event: 'suspend' | 'resume' | 'lock-screen' | 'unlock-screen'): Promise<void>
  /** Asks the app to quit, as its menu does; answers what it ended with. */
  quit(): Promise<number | null>
  /** Ends the process at once. */
  kill(): Promise<void>
  /** Quits if it still runs, and kills it if that takes too long. */
  close(): Promise<void>
}

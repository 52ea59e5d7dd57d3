import type * as Electron from 'electron'
import type { DialogKind, Item, Question, ShownNotification } from './desktop.ts'

/** What the app showed outside its windows, and a user's hands for it; `globalThis.desk` in the main process. */
export interface Desk {
  trayItems(): Item[]
  trayToolTip(): string | null
  clickTray(label: string): void
  pressTray(): void
  menuItems(): Item[]
  clickMenu(label: string): void
  shownNotifications(): ShownNotification[]
  everShownNotifications(): ShownNotification[]
  useNotification(how: { readonly title: string; readonly action: string | null }): void
  questions(): Question[]
  answer(kind: DialogKind, answer: object): void
  /** Addresses handed to the system's browser. */
  readonly opened: string[]
  /** Folders and files shown in the file manager. */
  readonly revealed: string[]
  readonly loginItems: Electron.Settings[]
}

interface ShownTray {
  readonly tray: Electron.Tray
  menu: Electron.Menu | null
  toolTip: string
}
interface OpenQuestion extends Question {
  isOpen: boolean
  readonly resolve: (answer: object) => void
}
type Method = (this: object, ...args: unknown[]) => unknown

/**
 * Runs in the main process before the app, on the stand-in and in Electron alike: keeps what the app shows outside its windows, so that a
 * test can use it, and keeps what would leave the app from doing so. It is sent as text, so it refers to nothing outside itself.
 */
export function recordDesk({ app, dialog, Menu, Notification, shell, Tray }: typeof Electron): void {
  const trays: ShownTray[] = []
  let shown: Electron.Notification[] = []
  const everShown: Electron.Notification[] = []
  const questions: OpenQuestion[] = []
  const answers: { readonly kind: DialogKind; readonly answer: object }[] = []
  const [opened, revealed, loginItems]: [string[], string[], Electron.Settings[]] = [[], [], []]

  function after(type: { readonly prototype: object }, method: string, then: (self: never, first: never) => void): void {
    const own = Reflect.get(type.prototype, method) as Method
    const wrapped: Method = function wrapped(...args) {
      const result = own.apply(this, args)
      then(this as never, args[0] as never)
      return result
    }
    Reflect.set(type.prototype, method, wrapped)
  }
  function entryOf(tray: Electron.Tray): ShownTray {
    const entry = trays.find(known => known.tray === tray) ?? { tray, menu: null, toolTip: '' }
    if (!trays.includes(entry)) trays.push(entry)
    return entry
  }
  after(Tray, 'setContextMenu', (tray: Electron.Tray, menu: Electron.Menu | null) => void (entryOf(tray).menu = menu))
  after(Tray, 'setToolTip', (tray: Electron.Tray, text: string) => void (entryOf(tray).toolTip = text))
  after(Tray, 'setImage', (tray: Electron.Tray) => void entryOf(tray))
  after(Notification, 'show', (notification: Electron.Notification) => {
    everShown.push(notification)
    shown = [...shown.filter(one => one !== notification), notification]
  })
  after(Notification, 'close', (notification: Electron.Notification) => void (shown = shown.filter(one => one !== notification)))

  function settle(): void {
    for (const question of questions.filter(one => one.isOpen)) {
      const at = answers.findIndex(({ kind }) => kind === question.kind)
      const [given] = at < 0 ? [] : answers.splice(at, 1)
      if (!given) continue
      question.isOpen = false
      question.resolve(given.answer)
    }
  }
  const plainOptions = (options: unknown): Question['options'] => JSON.parse(JSON.stringify(options ?? {})) as Question['options']
  function asking(kind: DialogKind): (...args: readonly unknown[]) => Promise<object> {
    return (...args) =>
      new Promise(resolve => {
        questions.push({ kind, options: plainOptions(args.at(-1)), isOpen: true, resolve })
        settle()
      })
  }
  Object.assign(dialog, {
    showMessageBox: asking('showMessageBox'),
    showOpenDialog: asking('showOpenDialog'),
    showSaveDialog: asking('showSaveDialog'),
    showErrorBox(title: string, content: string): void {
      process.stderr.write(`${title}: ${content}\n`)
      questions.push({ kind: 'showErrorBox', options: { title, content }, isOpen: false, resolve: () => undefined })
    },
  })
  Object.assign(shell, {
    openExternal: (url: string) => Promise.resolve(void opened.push(url)),
    openPath: (file: string) => Promise.resolve(revealed.push(file)).then(() => ''),
    showItemInFolder: (file: string) => void revealed.push(file),
  })
  const loginItem = app.getLoginItemSettings.bind(app)
  Object.assign(app, {
    setLoginItemSettings: (settings: Electron.Settings) => void loginItems.push(settings),
    // Another start would be out of the test's hands, and this one may end before it is asked.
    relaunch: ({ args }: Electron.RelaunchOptions = {}) =>
      void process.stderr.write(`\n[desk] relaunch ${JSON.stringify(args ?? process.argv.slice(1))}\n`),
    getLoginItemSettings: (...args: []) => ({ ...loginItem(...args), openAtLogin: loginItems.at(-1)?.openAtLogin ?? false }),
  })

  const plainItem = (item: Electron.MenuItem): Item => ({
    label: item.label,
    sublabel: item.sublabel,
    type: item.type,
    enabled: item.enabled,
    visible: item.visible,
    checked: item.checked,
    accelerator: item.accelerator?.toString() ?? null,
    role: item.role ?? null,
    items: item.submenu?.items.map(plainItem) ?? [],
  })
  function findItem(items: readonly Electron.MenuItem[], label: string): Electron.MenuItem | undefined {
    return (
      items.find(item => item.label === label || item.id === label) ??
      items.map(item => findItem(item.submenu?.items ?? [], label)).find(found => found)
    )
  }
  function click(menu: Electron.Menu | null | undefined, label: string): void {
    const item = findItem(menu?.items ?? [], label)
    if (!item) throw new Error(`no menu item is called ${label}; there are ${JSON.stringify(menu?.items.map(each => each.label))}`)
    if (!item.enabled || !item.visible) throw new Error(`the menu item ${label} cannot be clicked`)
    const press = item.click as (...args: readonly unknown[]) => void
    press()
  }
  const liveTray = (): ShownTray | undefined => trays.findLast(({ tray }) => !tray.isDestroyed())
  const shownAs = ({ title, body, actions }: Electron.Notification): ShownNotification => ({
    title,
    body,
    actions: actions.map(({ text = '' }) => text),
  })
  const desk: Desk = {
    opened,
    revealed,
    loginItems,
    trayItems: () => liveTray()?.menu?.items.map(plainItem) ?? [],
    trayToolTip: () => liveTray()?.toolTip ?? null,
    clickTray: label => click(liveTray()?.menu, label),
    pressTray: () => void liveTray()?.tray.emit('click', {}, {}, {}),
    menuItems: () => Menu.getApplicationMenu()?.items.map(plainItem) ?? [],
    clickMenu: label => click(Menu.getApplicationMenu(), label),
    shownNotifications: () => shown.map(shownAs),
    everShownNotifications: () => everShown.map(shownAs),
    useNotification({ title, action }) {
      const found = shown.findLast(one => one.title.includes(title) || one.body.includes(title))
      if (!found) throw new Error(`no notification says ${title}; there are ${JSON.stringify(shown.map(shownAs))}`)
      const actionIndex = found.actions.findIndex(({ text }) => text === action)
      if (action !== null && actionIndex < 0)
        throw new Error(`the notification has no action ${action}; it has ${JSON.stringify(found.actions)}`)
      const event = { preventDefault: () => undefined, actionIndex, selectionIndex: -1 }
      if (action === null) found.emit('click', event)
      else found.emit('action', event, actionIndex, -1)
    },
    questions: () => questions.map(({ kind, options, isOpen }) => ({ kind, options, isOpen })),
    answer(kind, answer) {
      answers.push({ kind, answer })
      settle()
    },
  }
  Object.assign(globalThis, { desk })
}

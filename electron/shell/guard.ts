import { app, type Session, shell, type WebContents } from 'electron'
import { openableUrl } from '../node/open-browser.ts'

/** The one thing a page may do beyond itself: put text on the clipboard when the user asks for it. */
const GRANTED: ReadonlySet<string> = new Set(['clipboard-sanitized-write'])

/** Locks down whatever Electron may show beside our window, as soon as it exists. */
export function guardContents(): void {
  app.on('web-contents-created', (_event, contents) => lockDown(contents))
}

/** Keeps a window on its own page: no navigation, no new window, no guest. Safe to call twice. */
export function lockDown(contents: WebContents): void {
  const refuse = (event: { preventDefault(): void }): void => event.preventDefault()
  contents.on('will-navigate', refuse)
  contents.on('will-frame-navigate', refuse)
  contents.on('will-redirect', refuse)
  contents.on('will-attach-webview', refuse)
  contents.setWindowOpenHandler(({ url }) => {
    const address = openableUrl(url)
    if (address?.startsWith('https:') === true) void shell.openExternal(address)
    return { action: 'deny' }
  })
}

/** Refuses what Electron would grant by default, and every address but the app's own and data inside the page. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(GRANTED.has(permission)))
  session.setPermissionCheckHandler((_contents, permission) => GRANTED.has(permission))
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}))
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !/^(?:app|data|blob|devtools):/.test(url) }))
}

import path from 'node:path'
import { app, BrowserWindow, dialog, ipcMain, protocol, session, shell } from 'electron'
import { AppError, toErrorView } from '../../shared/contract/errors.ts'
import { isRouteName, routes } from '../../shared/contract/routes.ts'
import { type Core, createCore } from '../core/create-core.ts'
import { resolveDataDir } from '../node/data-dir.ts'
import { type Layout, layoutAround } from '../node/layout.ts'
import { listStaticFiles } from '../node/static-files.ts'
import { guardApp, guardSession } from './guard.ts'
import { createLinks, type Links } from './links.ts'
import { APP_SCHEME, isOwnAddress } from './origin.ts'
import { createDesktopPorts } from './ports.ts'
import { createPageHandler } from './protocol.ts'
import { createTransport, type Transport } from './transport.ts'
import { openWindow } from './window.ts'

function prepare(): string {
  app.setName('Keelson')
  app.enableSandbox()
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } }])
  const dataDir = resolveDataDir({ flag: app.commandLine.getSwitchValue('data-dir'), env: process.env })
  // Chromium's own files stay apart from the user's data, and the single-instance lock below follows the folder.
  app.setPath('userData', path.join(dataDir, 'desktop'))
  return dataDir
}

async function boot(dataDir: string, layout: Layout, links: Links): Promise<void> {
  await guardSession(session.defaultSession, { devTools: !app.isPackaged })
  protocol.handle(APP_SCHEME, createPageHandler(listStaticFiles(layout.rendererDir)))
  const core = createDesktopPorts({ dataDir, layout, links }).then(ports => createCore(ports, { task: 'the Keelson app' }))
  closeWithApp(core)
  const isQuery = (route: string): boolean => isRouteName(route) && routes[route].kind === 'query'
  const transport = createTransport({ ipc: ipcMain, core, isQuery, isOwnAddress })
  const show = (): void => showWindow(transport, layout)
  app.on('second-instance', show)
  app.on('activate', show)
  show()
  await core
}

function showWindow(transport: Transport, layout: Layout): void {
  const [open] = BrowserWindow.getAllWindows()
  if (open) {
    if (open.isMinimized()) open.restore()
    open.focus()
  } else transport.admit(openWindow(layout.preload).webContents)
}

/** Lets the core save what is under way before the app ends. */
function closeWithApp(core: Promise<Core>): void {
  let state: 'running' | 'closing' | 'closed' = 'running'
  app.on('will-quit', event => {
    if (state === 'closed') return
    event.preventDefault()
    if (state === 'closing') return
    state = 'closing'
    const end = (): void => {
      state = 'closed'
      app.quit()
    }
    core.then(opened => opened.close()).then(end, end)
  })
}

function explain(cause: unknown): void {
  const error = cause instanceof AppError ? cause : new AppError('app/internal', { cause })
  const { message, action } = toErrorView(error)
  process.stderr.write(`${message} ${action}\n${cause instanceof Error ? (cause.stack ?? '') : ''}\n`)
  dialog.showErrorBox('Keelson could not start', `${message} ${action}`)
  app.exit(1)
}

const dataDir = prepare()
if (app.requestSingleInstanceLock()) {
  const links = createLinks({ open: url => shell.openExternal(url), hosts: async () => (await import('../core/brokers/pages.ts')).brokerHosts() })
  guardApp(app, url => void links.fromWindow(url))
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  // Not awaited here: Electron is ready only after this file has run to its end.
  app
    .whenReady()
    .then(() => boot(dataDir, layoutAround(import.meta.filename), links))
    .catch(explain)
} else app.quit()

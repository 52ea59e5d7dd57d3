import { app, type BrowserWindow, dialog, ipcMain, Menu, nativeImage, screen } from 'electron'
import type { Layout } from '../node/layout.ts'
import { type Badge, createBadge } from './badge.ts'
import type { Base } from './base.ts'
import { followClicks } from './context-menu.ts'
import type { DesktopFile } from './desktop-file.ts'
import { type Theme, themeOf } from './ground.ts'
import type { Leaving } from './leaving.ts'
import { createLife, type Life } from './life.ts'
import { isOwnAddress } from './origin.ts'
import { createQuestions } from './questions.ts'
import type { Started } from './start-core.ts'
import { createTransport } from './transport.ts'
import { openWindow } from './window.ts'
import { createZoom, type Zoom } from './zoom.ts'

export interface WindowsDeps {
  readonly base: Base
  readonly layout: Layout
  readonly leaving: Leaving
  readonly started: Promise<Started>
  readonly hasTray: () => boolean
  readonly onZoom: () => void
  /** The last window has gone. */
  readonly onGone: () => void
}

export interface Windows {
  readonly life: Life<BrowserWindow>
  readonly badge: Badge
  readonly zoom: Zoom
}

/** The window over Electron, with what every new one gets: its line to the core, its zoom and the badge on its button. */
export function createWindows({ base, layout, leaving, started, hasTray, onZoom, onGone }: WindowsDeps): Windows {
  const { file, clock, log } = base
  let isQuery = (_route: string): boolean => false
  const core = started.then(opened => {
    isQuery = opened.isQuery
    return opened.core
  })
  // A core that does not open is reported by whoever opens it.
  core.catch(() => undefined)
  const transport = createTransport({ ipc: ipcMain, core, isQuery: route => isQuery(route), isOwnAddress })
  const there = (): BrowserWindow[] => [life.window()].flatMap(window => window ?? [])
  const badge = createBadge({
    platform: process.platform,
    setCount: unread => app.setBadgeCount(unread),
    windows: there,
    image: (pixels, size) => nativeImage.createFromBitmap(pixels, { width: size, height: size }),
  })
  const zoom = createZoom({
    stored: { read: () => file.read().zoom, write: factor => file.remember({ zoom: factor }) },
    windows: () => there().map(window => window.webContents),
    onChange: onZoom,
  })
  const life = createLife<BrowserWindow>({
    file,
    hasTray,
    staysInDock: process.platform === 'darwin',
    open(options) {
      const window = openWindow(layout.preload, file.read().theme, options)
      transport.admit(window.webContents)
      zoom.attach(window.webContents)
      window.webContents.on('did-fail-load', (_event, code, reason) => log.warn('shell.page-failed', { code, reason }))
      window.webContents.on('did-change-theme-color', (_event, color) => rememberTheme(file, themeOf(color)))
      followClicks(window.webContents, template => Menu.buildFromTemplate(template).popup({ window }))
      window.on('session-end', leaving.sessionEnds)
      return window
    },
    areas: displayAreas,
    questions: createQuestions((box, over) => (over ? dialog.showMessageBox(over, box) : dialog.showMessageBox(box))),
    quit: leaving.quit,
    isLeaving: leaving.isLeaving,
    nowMs: clock.monotonicMs,
    onChange() {
      badge.renew()
      if (!life.window()) onGone()
    },
    log: log.warn,
  })
  return { life, badge, zoom }
}

function rememberTheme(file: DesktopFile, theme: Theme | null): void {
  if (theme !== file.read().theme) file.remember({ theme })
}

/** What each display has free of bars, the main one first. */
function displayAreas(): Electron.Rectangle[] {
  const main = screen.getPrimaryDisplay()
  return [main, ...screen.getAllDisplays().filter(({ id }) => id !== main.id)].map(({ workArea }) => workArea)
}

import { app, Menu } from 'electron'
import type { Deed } from './deeds.ts'
import { LINK_SCHEME } from './deep-link.ts'
import { dataArgs } from './native-login.ts'
import { TASK_PAGES, userTasks } from './tasks.ts'

/**
 * Puts pages beside the app's icon: in the dock of macOS and the jump list of Windows. Linux reads them from the package's .desktop
 * file. `dataDir` is null for the usual folder.
 */
export function showTasks(run: (deed: Deed) => void, program: string, dataDir: string | null): void {
  const entries = TASK_PAGES.map(({ page, label }) => ({ label, click: () => run({ do: 'show', screen: { page } }) }))
  app.dock?.setMenu(Menu.buildFromTemplate([...entries, { type: 'separator' }, { label: 'Sync Now', click: () => run({ do: 'sync' }) }]))
  if (process.platform !== 'win32') return
  app.setUserTasks(userTasks(program, dataArgs(dataDir)))
  // macOS and Linux know the scheme from the package. Links belong to the usual data.
  if (app.isPackaged && dataDir === null) app.setAsDefaultProtocolClient(LINK_SCHEME, program)
}

import { app, Menu } from 'electron'
import type { Deed } from './deeds.ts'
import { LINK_SCHEME } from './deep-link.ts'
import { TASK_PAGES, userTasks } from './tasks.ts'

/** Puts pages beside the app's icon: in the dock of macOS and the jump list of Windows. Linux reads them from the package's .desktop file. */
export function showTasks(run: (deed: Deed) => void, program: string): void {
  const entries = TASK_PAGES.map(({ page, label }) => ({ label, click: () => run({ do: 'show', screen: { page } }) }))
  app.dock?.setMenu(Menu.buildFromTemplate([...entries, { type: 'separator' }, { label: 'Sync Now', click: () => run({ do: 'sync' }) }]))
  if (process.platform !== 'win32') return
  app.setUserTasks(userTasks(program))
  // macOS and Linux know the scheme from the package.
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME, program)
}

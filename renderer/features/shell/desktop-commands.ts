import type { DesktopStatus, UpdateView } from '../../../shared/contract/desktop.ts'
import { checkForUpdates, installUpdate, restartKeelson, showDataFolder } from '../../state/desktop.ts'
import { errorViewOf } from '../../state/failure.ts'
import { go } from '../../state/route.ts'
import { show } from '../../state/surface.ts'
import { toastError } from '../../state/toast.ts'
import type { Command } from '../../ui/CommandPalette.tsx'

const quietly = (work: Promise<unknown>) => void work.catch((error: unknown) => toastError(errorViewOf(error)))

/** What the palette can do with the desktop; in a browser only what is about Keelson itself. */
export function desktopCommands(here: DesktopStatus | null): Command[] {
  const about: Command = { id: 'about', group: 'Actions', label: 'About Keelson', icon: 'info', run: () => show({ kind: 'about' }) }
  if (!here) return [about]
  const asUsual: Command = {
    id: 'start as usual',
    group: 'Actions',
    label: 'Start as usual, out of safe mode',
    icon: 'sync',
    run: () => quietly(restartKeelson()),
  }
  return [
    ...(here.safeMode ? [asUsual] : []),
    ...updating(here.update),
    {
      id: 'computer',
      group: 'Actions',
      label: 'Closing, start at sign-in and keys',
      hint: 'Settings',
      icon: 'screen',
      run: () => go('settings'),
    },
    { id: 'data folder', group: 'Actions', label: 'Show the data folder', icon: 'external', run: () => quietly(showDataFolder()) },
    about,
  ]
}

function updating({ state, version, trouble }: UpdateView): Command[] {
  if (state === 'off' && trouble !== null) return []
  if (state === 'ready') {
    const name = version === null ? 'a newer Keelson' : `Keelson ${version}`
    return [
      { id: 'update', group: 'Actions', label: `Restart to update to ${name}`, icon: 'download', run: () => quietly(installUpdate()) },
      { id: 'news', group: 'Actions', label: `What is new in ${name}`, icon: 'info', run: () => show({ kind: 'update' }) },
    ]
  }
  const look = () => {
    show({ kind: 'update' })
    quietly(checkForUpdates())
  }
  return [{ id: 'update', group: 'Actions', label: 'Check for updates', icon: 'download', run: look }]
}

import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core'
import { errorViewOf } from '../../state/failure.ts'
import { environmentWord, instrumentLine } from '../../lib/format/index.ts'
import { MAIN_KEY, SHIFT_KEY } from '../../lib/keys.ts'
import { brokerName, pauseSync, useApp } from '../../state/app.ts'
import type { BrokerView } from '../../../shared/contract/app.ts'
import { openConnect, openReconnect, toStep } from '../../state/connect.ts'
import { afterBroker } from '../../state/connect-steps.ts'
import { useDesktopHere } from '../../state/desktop.ts'
import { exploreSandbox, syncAll, syncConnection, useConnections } from '../../state/connections.ts'
import { setFilter, useHistory } from '../../state/history.ts'
import { isLockOn, lockNow } from '../../state/lock.ts'
import { usePortfolio } from '../../state/portfolio.ts'
import { dataOf } from '../../state/remote.ts'
import { go } from '../../state/route.ts'
import { hide, show, useSurface } from '../../state/surface.ts'
import { type Command, CommandPalette } from '../../ui/CommandPalette.tsx'
import { toastError } from '../../state/toast.ts'
import { desktopCommands } from './desktop-commands.ts'
import { journalCommands, watchFor } from './journal-commands.ts'
import { ledgerCommands } from './ledger-commands.ts'
import { orderCommands, orderFor } from './order-commands.ts'

const quietly = (work: Promise<unknown>) => void work.catch((error: unknown) => toastError(errorViewOf(error)))

/** The command palette, filled with what can be done now. */
export function Palette() {
  const open = useSurface(state => state.open.kind === 'palette')
  return open ? <Filled /> : null
}

function Filled() {
  const { setColorScheme } = useMantineColorScheme()
  const connections = useConnections(state => dataOf(state.list)) ?? []
  const brokers = useApp(state => state.brokers)
  const paused = useApp(state => dataOf(state.schedule)?.paused)
  const positions = usePortfolio(state => dataOf(state.grouped))
  const rows = useHistory(state => dataOf(state.pages)?.rows)
  const symbols = [
    ...new Set([...(positions ?? []).map(({ symbol }) => symbol), ...(rows ?? []).flatMap(({ symbol }) => symbol ?? [])]),
  ].slice(0, 400)

  const perConnection = connections.flatMap(connection => {
    const name = [connection.label, brokerName(brokers, connection.broker), environmentWord(connection.environment).toLowerCase()]
      .filter(Boolean)
      .join(' ')
    const sync: Command = {
      id: `sync ${connection.id}`,
      group: 'Actions',
      label: `Sync ${name}`,
      icon: 'sync',
      run: () => quietly(syncConnection(connection.id)),
    }
    const reconnect: Command = {
      id: `reconnect ${connection.id}`,
      group: 'Actions',
      label: `Reconnect ${name}`,
      icon: 'key',
      run: () => openReconnect(connection),
    }
    const end: Command = {
      id: `end ${connection.id}`,
      group: 'Actions',
      label: `Disconnect ${name}`,
      icon: 'unplug',
      run: () => show({ kind: 'disconnect', connectionId: connection.id }),
    }
    const manage: Command = {
      id: `manage ${connection.id}`,
      group: 'Actions',
      label: `Accounts and ways in of ${name}`,
      icon: 'overview',
      run: () => show({ kind: 'manage', connectionId: connection.id }),
    }
    const schedule: Command = {
      id: `schedule ${connection.id}`,
      group: 'Actions',
      label: `When ${name} syncs`,
      icon: 'clock',
      run: () => show({ kind: 'schedule', connectionId: connection.id }),
    }
    const rename: Command = {
      id: `rename ${connection.id}`,
      group: 'Actions',
      label: `Rename ${name}`,
      icon: 'settings',
      run: () => show({ kind: 'rename', connectionId: connection.id }),
    }
    if (connection.method === 'file') return [manage, rename]
    return connection.state.kind === 'connected'
      ? [sync, schedule, manage, rename, reconnect, end]
      : [reconnect, schedule, manage, rename, end]
  })
  const accounts = connections.flatMap(connection =>
    connection.accounts.map(account => ({
      id: `account ${account.id}`,
      group: 'Accounts',
      label: `${account.name} ${account.maskedNumber}`,
      icon: 'overview' as const,
      hint: `${brokerName(brokers, connection.broker)} ${environmentWord(connection.environment).toLowerCase()}`,
      run: () => historyOf({ accountId: account.id }),
    })),
  )
  const commands: Command[] = [
    ...pages(),
    ...actions(connections.length > 0, paused),
    ...orderCommands(),
    ...ledgerCommands(),
    ...journalCommands(),
    ...desktopCommands(useDesktopHere()),
    ...perConnection,
    ...connecting(dataOf(brokers) ?? []),
    ...themes(setColorScheme),
    ...accounts,
    ...symbols.map(symbol => ({
      id: `symbol ${symbol}`,
      group: 'Symbols',
      label: instrumentLine(symbol),
      hint: 'History',
      icon: 'history' as const,
      run: () => historyOf({ symbol }),
    })),
  ]
  return <CommandPalette open commands={commands} forText={forText} onClose={hide} />
}

function historyOf(filter: Parameters<typeof setFilter>[0]) {
  void setFilter(filter)
  go('history')
}

function forText(text: string): Command[] {
  return [
    {
      id: 'search',
      group: 'History',
      label: `Search the history for “${text}”`,
      icon: 'search',
      run: () => historyOf({ search: text.slice(0, 100) }),
    },
    ...orderFor(text),
    ...watchFor(text),
  ]
}

function pages(): Command[] {
  return [
    { id: 'go overview', group: 'Go to', label: 'Overview', hint: 'g o', icon: 'overview', run: () => go('overview') },
    { id: 'go history', group: 'Go to', label: 'History', hint: 'g h', icon: 'history', run: () => go('history') },
    { id: 'go positions', group: 'Go to', label: 'Positions', hint: 'g p', icon: 'positions', run: () => go('positions') },
    { id: 'go performance', group: 'Go to', label: 'Performance', hint: 'g r', icon: 'performance', run: () => go('performance') },
    { id: 'go orders', group: 'Go to', label: 'Orders', hint: 'g t', icon: 'orders', run: () => go('orders') },
    { id: 'go journal', group: 'Go to', label: 'Journal', hint: 'g j', icon: 'journal', run: () => go('journal') },
    { id: 'go watchlist', group: 'Go to', label: 'Watchlist', hint: 'g w', icon: 'watchlist', run: () => go('watchlist') },
    { id: 'go brokers', group: 'Go to', label: 'Brokers', hint: 'g b', icon: 'brokers', run: () => go('brokers') },
    { id: 'go import', group: 'Go to', label: 'Import', hint: 'g i', icon: 'import', run: () => go('import') },
    { id: 'go health', group: 'Go to', label: 'Health', hint: 'g e', icon: 'health', run: () => go('health') },
    { id: 'go settings', group: 'Go to', label: 'Settings', hint: 'g s', icon: 'settings', run: () => go('settings') },
  ]
}

function actions(any: boolean, paused: boolean | undefined): Command[] {
  const syncing: Command[] = [
    { id: 'sync all', group: 'Actions', label: 'Sync all', icon: 'sync', run: () => void syncAll() },
    {
      id: 'pause',
      group: 'Actions',
      label: paused ? 'Resume background sync' : 'Pause background sync',
      icon: paused ? 'play' : 'pause',
      run: () => quietly(pauseSync(!paused)),
    },
  ]
  return [
    { id: 'connect', group: 'Actions', label: 'Connect a broker', icon: 'plus', run: openConnect },
    { id: 'explore', group: 'Actions', label: 'Explore with sandbox brokers', icon: 'flask', run: () => void exploreSandbox() },
    ...(any ? syncing : []),
    { id: 'notices', group: 'Actions', label: 'Show notices', hint: 'n', icon: 'bell', run: () => show({ kind: 'notices' }) },
    { id: 'diagnostics', group: 'Actions', label: 'Save diagnostics', icon: 'file', run: () => show({ kind: 'diagnostics' }) },
    isLockOn()
      ? {
          id: 'lock',
          group: 'Actions',
          label: 'Lock Keelson',
          hint: `${MAIN_KEY} ${SHIFT_KEY} L`,
          icon: 'lock',
          run: () => quietly(lockNow()),
        }
      : { id: 'lock', group: 'Actions', label: 'Set an app lock', icon: 'lock', run: () => show({ kind: 'app-lock' }) },
    {
      id: 'shortcuts',
      group: 'Actions',
      label: 'Show keyboard shortcuts',
      hint: '?',
      icon: 'info',
      run: () => show({ kind: 'shortcuts' }),
    },
  ]
}

function connecting(brokers: readonly BrokerView[]): Command[] {
  return brokers
    .filter(({ edition }) => edition.included)
    .map(broker => ({
      id: `connect ${broker.id}`,
      group: 'Actions',
      label: `Connect ${broker.name}`,
      icon: 'plus' as const,
      ...(broker.closed ? { hint: 'closed' } : {}),
      run: () => toStep(afterBroker(broker)),
    }))
}

function themes(set: (scheme: MantineColorScheme) => void): Command[] {
  const theme = (scheme: MantineColorScheme, label: string): Command => ({
    id: `theme ${scheme}`,
    group: 'Theme',
    label,
    icon: 'theme',
    run: () => set(scheme),
  })
  return [theme('light', 'Light theme'), theme('dark', 'Dark theme'), theme('auto', 'Theme of the system')]
}

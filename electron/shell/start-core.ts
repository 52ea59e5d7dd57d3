import { isRouteName, routes } from '../../shared/contract/routes.ts'
import { type Core, createCore } from '../core/create-core.ts'
import { type Ask, createAsk } from './ask.ts'
import { createHostDesktop, type DesktopHost } from './host-desktop.ts'
import { createDesktopPorts, type DesktopParts } from './ports.ts'
import type { Updates } from './updates/create-updates.ts'

export interface Started {
  readonly core: Core
  readonly ask: Ask
  readonly updates: Updates
  readonly isQuery: (route: string) => boolean
  /** Stops everything and closes the files. */
  stop(): Promise<void>
}

export interface StartParts extends Omit<DesktopParts, 'desktop' | 'consent' | 'dataDir' | 'log'> {
  readonly host: DesktopHost
}

/**
 * Opens the core of the app. This file is read while the first window is being drawn: all that is large and slow to read
 * is behind it. Throws what createCore throws.
 */
export async function startCore({ host, ...parts }: StartParts): Promise<Started> {
  const { desktop, consent, updates } = createHostDesktop(host)
  const ports = await createDesktopPorts({ ...parts, dataDir: host.dataDir, log: host.log, desktop, consent })
  const core = await createCore(ports, { background: !host.crashes.isSafeMode, task: 'the Keelson app' })
  updates.start()
  return {
    core,
    updates,
    ask: createAsk(Promise.resolve(core)),
    isQuery: route => isRouteName(route) && routes[route].kind === 'query',
    stop() {
      updates.stop()
      return core.close()
    },
  }
}

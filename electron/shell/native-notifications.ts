import { Notification } from 'electron'
import type { Log } from '../core/log/log.ts'
import type { Notify } from '../core/ports.ts'
import { createNotifications, type NotificationsDeps } from './notifications.ts'

interface Deps extends Pick<NotificationsDeps, 'screens' | 'ask' | 'badge'> {
  readonly log: Log
}

/** Notifications through Electron. */
export function createNativeNotifications({ log, ...deps }: Deps): Notify {
  return createNotifications({
    ...deps,
    log: log.warn,
    centre: {
      isSupported: () => Notification.isSupported(),
      make: options => new Notification(options),
      ...(process.platform === 'darwin'
        ? { remove: (ids: string[]) => Notification.remove(ids), left: () => Notification.getHistory() }
        : {}),
    },
  })
}

import type { Events } from './bus/events.ts'
import type { Handlers } from './bus/router.ts'
import type { Db } from './db/open.ts'
import type { Log } from './log/log.ts'
import type { Ports } from './ports.ts'
import { type AppLock, createAppLock } from './services/app-lock.ts'
import { createVaultHandlers } from './services/vault.ts'
import type { Tokens } from './tokens/tokens.ts'
import type { OpenVault } from './vault/data-key.ts'

export interface GuardDeps {
  readonly ports: Ports
  readonly log: Log
  readonly db: Db
  readonly vault: OpenVault
  readonly events: Events
  readonly tokens: Pick<Tokens, 'recover'>
}

/** What guards the secrets and the windows: the vault's care and the app lock. */
export interface Guard {
  readonly handlers: Pick<Handlers, keyof AppLock['handlers'] | keyof ReturnType<typeof createVaultHandlers>>
  /** True while the app lock is closed. */
  isLocked(): boolean
  /** The core's events as listeners outside may hear them. */
  readonly subscribe: Events['subscribe']
  stop(): void
}

export function createGuard({ ports, log, db, vault, events, tokens }: GuardDeps): Guard {
  const { clock, random, power } = ports
  const lock = createAppLock({ db, clock, random, power, log, emit: events.emit })
  return {
    handlers: { ...createVaultHandlers({ vault, tokens, events, log }), ...lock.handlers },
    isLocked: lock.isLocked,
    subscribe: listener =>
      events.subscribe(event => {
        if (!lock.isLocked() || event.type === 'lock.changed') listener(event)
      }),
    stop: lock.stop,
  }
}

import type { Events } from './bus/events.ts'
import type { Db } from './db/open.ts'
import type { Log } from './log/log.ts'
import type { Ports } from './ports.ts'
import { type AppLock, createAppLock } from './services/app-lock.ts'
import { createKeyCare } from './services/key-care.ts'
import { createVaultHandlers, tellStanding, type VaultHandlers } from './services/vault.ts'
import type { HistoryWriter } from './sync/writer.ts'
import type { Tokens } from './tokens/tokens.ts'
import type { OpenVault } from './vault/data-key.ts'

export interface GuardDeps {
  readonly ports: Ports
  readonly log: Log
  readonly db: Db
  readonly vault: OpenVault
  readonly events: Events
  readonly tokens: Pick<Tokens, 'recover'>
  readonly writer: Pick<HistoryWriter, 'between'>
}

/** What guards the secrets and the windows: the vault's care and the app lock. */
export interface Guard {
  readonly handlers: AppLock['handlers'] & VaultHandlers
  /** True while the app lock is closed. */
  isLocked(): boolean
  /** The core's events as listeners outside may hear them. */
  readonly subscribe: Events['subscribe']
  /** Renews the vault's key in the background from now on. */
  start(): void
  stop(): Promise<void>
}

export function createGuard({ ports, log, db, vault, events, tokens, writer: { between } }: GuardDeps): Guard {
  const { clock, random, power } = ports
  const lock = createAppLock({ db, clock, random, power, log, emit: events.emit })
  const care = createKeyCare({ vault, clock, events, log, between })
  const joined = (): void => {
    tellStanding({ vault, tokens, events, log }, 'vault.joined').catch((cause: unknown) => log.warn('vault.joining-failed', { cause }))
  }
  const forget = vault.onChange(joined)
  return {
    handlers: { ...createVaultHandlers({ vault, care, tokens, events, clock, log, between }), ...lock.handlers },
    isLocked: lock.isLocked,
    subscribe: listener =>
      events.subscribe(event => {
        if (!lock.isLocked() || event.type === 'lock.changed') listener(event)
      }),
    start: care.start,
    async stop() {
      forget()
      lock.stop()
      await care.stop()
    },
  }
}

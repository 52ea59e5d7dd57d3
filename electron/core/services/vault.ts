import { AppError } from '../../../shared/contract/errors.ts'
import type { Events } from '../bus/events.ts'
import type { Handlers } from '../bus/router.ts'
import type { Log } from '../log/log.ts'
import type { Tokens } from '../tokens/tokens.ts'
import type { OpenVault } from '../vault/data-key.ts'
import type { VaultStatus } from '../vault/vault.ts'

export interface VaultHandlersDeps {
  readonly vault: OpenVault
  readonly tokens: Pick<Tokens, 'recover'>
  readonly events: Events
  readonly log: Log
}

/** The two ways out of a locked vault: its key after all, or a new one. An open vault is left as it is. */
export function createVaultHandlers({ vault, tokens, events, log }: VaultHandlersDeps): Pick<Handlers, 'vault.unlock' | 'vault.startOver'> {
  let last: Promise<unknown> = Promise.resolve()

  // In turn, since each may ask the user a question.
  function inTurn(event: string, change: () => Promise<unknown>): Promise<VaultStatus> {
    const next = last.then(() => leaveLocked(event, change))
    last = next.catch(() => undefined)
    return next
  }

  async function leaveLocked(event: string, change: () => Promise<unknown>): Promise<VaultStatus> {
    if (vault.status().state === 'open') return vault.status()
    await change()
    events.emit({ type: 'vault.changed' })
    if (vault.status().state === 'locked') return vault.status()
    log.info(event, { protection: vault.status().protection })
    await tokens.recover()
    events.emit({ type: 'brokers.changed' })
    return vault.status()
  }

  return {
    'vault.unlock': () => inTurn('vault.unlocked', vault.unlock),
    'vault.startOver': () => inTurn('vault.started-over', () => startOver(vault)),
  }
}

async function startOver(vault: OpenVault): Promise<void> {
  try {
    await vault.startOver()
  } catch (cause) {
    throw cause instanceof AppError && cause.code === 'vault/locked' ? new AppError('vault/no-store', { cause }) : cause
  }
}

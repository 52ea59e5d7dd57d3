import { AppError, toErrorView } from '../../../shared/contract/errors.ts'
import type { VaultStatusView } from '../../../shared/contract/vault.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Events } from '../bus/events.ts'
import type { Handlers } from '../bus/router.ts'
import type { Log } from '../log/log.ts'
import type { Clock } from '../ports.ts'
import type { Tokens } from '../tokens/tokens.ts'
import type { OpenVault } from '../vault/data-key.ts'
import type { RotateOptions } from '../vault/rotation.ts'
import type { VaultStatus } from '../vault/vault.ts'
import type { KeyCare } from './key-care.ts'

export interface VaultHandlersDeps {
  readonly vault: OpenVault
  readonly care: Pick<KeyCare, 'rotate' | 'progress' | 'rotateAt'>
  readonly tokens: Pick<Tokens, 'recover'>
  readonly events: Events
  readonly clock: Clock
  readonly log: Log
  readonly between: NonNullable<RotateOptions['between']>
}

export type VaultHandlers = Pick<Handlers, 'vault.status' | 'vault.unlock' | 'vault.startOver' | 'vault.rotate' | 'vault.setPassphrase'>

const DAY_MS = 86_400_000

/** How the vault stands, the two ways out of a locked one (its key after all, or a new one), and a new key or passphrase for an open one. */
export function createVaultHandlers(deps: VaultHandlersDeps): VaultHandlers {
  const { vault, care, events, log, between } = deps
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
    await tellStanding(deps, event)
    return vault.status()
  }

  const view = (): VaultStatusView => vaultView(deps)
  return {
    'vault.status': view,
    'vault.unlock': () => inTurn('vault.unlocked', vault.unlock),
    'vault.startOver': () => inTurn('vault.started-over', () => startOver(vault)),
    'vault.rotate': async () => {
      await care.rotate()
      return view()
    },
    'vault.setPassphrase': async ({ current, passphrase }) => {
      await vault.changePassphrase(current, passphrase, { between })
      log.info('vault.passphrase-changed')
      events.emit({ type: 'vault.changed' })
      return view()
    },
  }
}

/** Tells everyone how the vault stands after a try to open it, and puts the connections in order once it is open. */
export async function tellStanding({ vault, tokens, events, log }: Pick<VaultHandlersDeps, 'vault' | 'tokens' | 'events' | 'log'>, event: string): Promise<void> {
  events.emit({ type: 'vault.changed' })
  const { state, protection } = vault.status()
  if (state === 'locked') return
  log.info(event, { protection })
  await tokens.recover()
  events.emit({ type: 'brokers.changed' })
}

function vaultView({ vault, care, clock }: VaultHandlersDeps): VaultStatusView {
  const { state, protection, notice, backend, trouble, nextTry, keyCreatedAt } = vault.standing()
  const { code, message, action } = trouble ? toErrorView(trouble) : { code: null, message: '', action: '' }
  const ageMs = keyCreatedAt === null ? 0 : Math.max(0, Instant.msBetween(keyCreatedAt, clock.now()))
  return {
    state, protection, notice, backend, nextTry,
    trouble: code === null ? null : { code, message, action },
    key: keyCreatedAt === null ? null : { createdAt: keyCreatedAt, ageDays: Math.floor(ageMs / DAY_MS), rotateAt: care.rotateAt() },
    rotation: care.progress(),
  }
}

async function startOver(vault: OpenVault): Promise<void> {
  try {
    await vault.startOver()
  } catch (cause) {
    const isRefused = cause instanceof AppError && cause.code.startsWith('vault/') && cause.code !== 'vault/store-slow'
    throw isRefused ? new AppError('vault/no-store', { cause }) : cause
  }
}

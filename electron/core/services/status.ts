import type { Handlers } from '../bus/router.ts'
import type { Ports } from '../ports.ts'
import type { Vault } from '../vault/vault.ts'
import type { SandboxHost } from './sandbox.ts'

export interface StatusDeps {
  readonly ports: Ports
  readonly vault: Vault
  readonly sandbox: SandboxHost
}

/** What runs, what guards the tokens, and what time it is here. */
export function createStatus({ ports, vault, sandbox }: StatusDeps): Pick<Handlers, 'app.status'> {
  return {
    'app.status': () => ({
      version: ports.version, host: ports.host, vault: vault.status(), sandbox: { running: sandbox.running() }, now: ports.clock.now(),
    }),
  }
}

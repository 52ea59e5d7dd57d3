import type { Broker } from '../../../../electron/core/brokers/adapter.ts'
import { brokers } from '../../../../electron/core/brokers/registry.ts'
import { createLog } from '../../../../electron/core/log/log.ts'
import type { Credentials } from '../../../../electron/core/net/credentials.ts'
import { createHttp } from '../../../../electron/core/net/http.ts'
import { createLimiter } from '../../../../electron/core/net/limiter.ts'
import type { SignIn } from '../../../../electron/core/oauth/flow.ts'
import { createSignIns, type SignInDeps, type SignIns, type StartOptions } from '../../../../electron/core/oauth/flows.ts'
import type { TokenGrant } from '../../../../electron/core/oauth/wire.ts'
import { Secret } from '../../../../electron/core/vault/secret.ts'
import type { FlowView } from '../../../../shared/contract/connections.ts'
import { type FlowId, newId } from '../../../../shared/domain/ids.ts'
import { fakePorts, type FakePorts } from '../../../support/fake-ports.ts'
import { testProfile } from './profile.ts'
import { startTokenServer, type TokenServer } from './token-server.ts'

export interface Desk extends AsyncDisposable {
  readonly ports: FakePorts
  readonly signIns: SignIns
  readonly server: TokenServer
  /** What reached the saving step. */
  readonly saved: { readonly signIn: SignIn; readonly grant: TokenGrant; readonly candidate: Credentials }[]
  start(changes?: Partial<StartOptions>): Promise<FlowView>
  /** Resolves when the sign-in has ended. */
  ended(flowId: FlowId): Promise<FlowView>
}

/** Sign-ins over a real listener, a real HTTP client and a real token endpoint. */
export async function openDesk(changes: Partial<SignInDeps> = {}): Promise<Desk> {
  const ports = fakePorts('unused')
  const { clock, random } = ports
  const server = await startTokenServer()
  const log = createLog(ports.log, clock)
  const saved: { signIn: SignIn; grant: TokenGrant; candidate: Credentials }[] = []
  const waiting = new Set<() => void>()
  const http = createHttp({
    broker: 'Test',
    allow: [server.origin],
    limiter: createLimiter({ requests: 10_000, perMs: 1000, clock }),
    clock,
    random,
    log,
  })
  const signIns = createSignIns({
    clock,
    random,
    log,
    http: () => http,
    browser: ports.browser,
    onChange: () => {
      for (const look of waiting) look()
    },
    onTokens: (signIn, grant, _, { candidate }) => {
      saved.push({ signIn, grant, candidate })
      return Promise.resolve(signIn.reconnect ?? newId.connection(random.uuid()))
    },
    ...changes,
  })
  const isOver = (view: FlowView): boolean => view.state.kind === 'connected' || view.state.kind === 'failed'
  return {
    ports,
    signIns,
    server,
    saved,
    start: options =>
      signIns.start({
        broker: brokers.alpaca,
        environment: 'sandbox',
        profile: testProfile(server.origin),
        client: { id: 'my-app', secret: Secret.of('canary-client-secret') },
        scopes: ['trading'],
        open: true,
        ...options,
      }),
    ended: flowId =>
      new Promise(resolve => {
        const look = (): void => {
          const view = signIns.view(flowId)
          if (!isOver(view)) return
          waiting.delete(look)
          resolve(view)
        }
        waiting.add(look)
        look()
      }),
    async [Symbol.asyncDispose]() {
      await signIns.close()
      await http.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

/** The address the broker would send the browser to. */
export function redirected(
  { authorizeUrl, redirectUri }: FlowView,
  answer: Readonly<Record<string, string>> = { code: 'C0.abc@' },
): string {
  const state = new URL(authorizeUrl).searchParams.get('state') ?? ''
  return `${redirectUri}?${new URLSearchParams({ ...answer, state }).toString()}`
}

export const schwab: Broker = brokers.schwab

/** What a transport needs of the core: its answers are passed on as they are. */
export interface Dispatcher {
  dispatch(request: unknown, options: { readonly signal: AbortSignal }): Promise<unknown>
}

export interface ClientSession {
  /** Runs one request of this client and answers with its envelope. */
  run(request: unknown): Promise<unknown>
  /** Stops the request with this id, if it is still running. */
  cancel(id: string): void
  /** The client is gone: its queries stop, its commands go on to their end. */
  end(): void
}

export interface ClientSessionDeps {
  readonly core: Dispatcher
  /** True when the route changes nothing, so that nobody misses it once its client has left. */
  readonly isQuery: (route: string) => boolean
}

interface Running {
  readonly route: string
  readonly controller: AbortController
}

/** More at once than any window asks for. */
const MOST_AT_ONCE = 1_000

/** The requests of one window or one socket, each with its own way to stop it. */
export function createClientSession({ core, isQuery }: ClientSessionDeps): ClientSession {
  const running = new Map<string, Running>()

  return {
    async run(request) {
      const controller = new AbortController()
      const id = textField(request, 'id')
      if (id === null || running.has(id) || running.size >= MOST_AT_ONCE) return core.dispatch(null, { signal: controller.signal })
      const own: Running = { route: textField(request, 'route') ?? '', controller }
      running.set(id, own)
      try {
        return await core.dispatch(request, { signal: controller.signal })
      } finally {
        running.delete(id)
      }
    },
    cancel: id => running.get(id)?.controller.abort(),
    end() {
      for (const { route, controller } of running.values()) if (isQuery(route)) controller.abort()
    },
  }
}

function textField(value: unknown, name: 'id' | 'route'): string | null {
  if (typeof value !== 'object' || value === null) return null
  const field: unknown = Reflect.get(value, name)
  return typeof field === 'string' ? field : null
}

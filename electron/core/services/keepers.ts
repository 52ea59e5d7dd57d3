import type { BrokerSession, Closable } from '../brokers/adapter.ts'
import type { Log } from '../log/log.ts'

/** What outlives single adapters, such as sockets, by connection. */
export interface Keepers {
  /** The `keep` of one connection's sessions. A key stands for one kind of thing. */
  of(scope: string): BrokerSession['keep']
  /** Closes what a connection keeps, because it ends or its settings changed. Never rejects. */
  close(scope: string): Promise<void>
  closeAll(): Promise<void>
}

/** Opened things by connection and key, each opened at most once. */
export function createKeepers({ log }: { readonly log: Log }): Keepers {
  const scopes = new Map<string, Map<string, Closable>>()

  function keepIn(scope: string): BrokerSession['keep'] {
    function keep<T extends Closable>(key: string, open: () => T): T
    function keep(key: string, open: () => Closable): Closable {
      const kept = scopes.get(scope) ?? new Map<string, Closable>()
      scopes.set(scope, kept)
      const one = kept.get(key) ?? open()
      kept.set(key, one)
      return one
    }
    return keep
  }

  async function close(scope: string): Promise<void> {
    const kept = [...(scopes.get(scope)?.values() ?? [])]
    scopes.delete(scope)
    for (const result of await Promise.allSettled(kept.map(one => one.close()))) {
      if (result.status === 'rejected') log.warn('session.close-failed', { cause: result.reason })
    }
  }

  return {
    of: keepIn,
    close,
    async closeAll() {
      await Promise.all([...scopes.keys()].map(close))
    },
  }
}

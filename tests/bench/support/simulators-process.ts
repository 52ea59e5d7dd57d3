import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { StandId } from '../../../electron/core/sandbox/stands.ts'
import type { Arrivals } from './simulators-server.ts'

export interface SimulatorsProcess extends Disposable {
  readonly urls: Readonly<Record<StandId, string>>
  /** Forgets what arrived so far. */
  reset(): void
  arrivals(): Promise<Arrivals[]>
}

/** Starts all simulators in a process of their own and waits until they serve. */
export async function startSimulators(): Promise<SimulatorsProcess> {
  const child = fork(path.join(import.meta.dirname, 'simulators-server.ts'), { execArgv: [] })
  const next = async <T>(): Promise<T> => {
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the simulators ended with ${code}`)
    })
    ended.catch(() => undefined)
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [T]
    return message
  }
  return {
    urls: await next(),
    reset: () => void child.send('reset'),
    arrivals() {
      const answer = next<Arrivals[]>()
      child.send('arrivals')
      return answer
    },
    [Symbol.dispose]: () => void child.kill(),
  }
}

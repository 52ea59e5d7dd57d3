import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { getConnection } from '../../../electron/core/store/connections.ts'
import { listIntents, readToken } from '../../../electron/core/store/tokens.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { jumpingClock, tempFolder } from '../../support/fake-ports.ts'
import { type Authority, type Model, startAuthority } from './support/authority.ts'
import { addConnection, grantOf, openTokenDesk, signal } from './support/desk.ts'

// Each worker loads the whole of Node; a busy machine needs its time for that.
vi.setConfig({ testTimeout: 180_000 })

const WORKER = path.join(import.meta.dirname, 'support/worker.ts')

let folder: ReturnType<typeof tempFolder>
beforeEach(() => {
  folder = tempFolder()
})
afterEach(() => folder[Symbol.dispose]())

/** Puts a connection with the authority's first tokens into the data folder. */
async function signIn(authority: Authority): Promise<ConnectionId> {
  await using desk = await openTokenDesk({ folder: folder.path, origin: authority.server.origin, clock: jumpingClock() })
  const { id } = addConnection(desk)
  desk.tokens.save(id, grantOf(desk), { signInBy: null })
  return id
}

interface Worker {
  readonly child: ChildProcessWithoutNullStreams
  /** Makes calls at once in the other process and answers what it printed. */
  calls(count: number): Promise<unknown>
}

async function startWorker(authority: Authority): Promise<Worker> {
  const child = spawn(process.execPath, [WORKER, folder.path, authority.server.origin])
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`the worker ended: ${errors}`)
    return value
  }
  expect(await next()).toBe('ready')
  return {
    child,
    async calls(count) {
      child.stdin.write(`${count}\n`)
      const answer: unknown = JSON.parse(await next())
      return answer
    },
  }
}

async function end({ child }: Worker): Promise<void> {
  child.stdin.end()
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

describe('eight processes on one data folder', () => {
  test('refresh once for each expiry, replay nothing, and all end up on the live token', async () => {
    await using authority = await startAuthority('strict')
    await signIn(authority)
    const workers = await Promise.all(Array.from({ length: 8 }, () => startWorker(authority)))
    for (let round = 1; round <= 12; round += 1) {
      authority.expire()
      const answers = await Promise.all(workers.map(worker => worker.calls(10)))
      expect(new Set(answers.map(answer => JSON.stringify(answer)))).toEqual(new Set(['{"statuses":[200],"state":"connected"}']))
      expect(authority.presented).toHaveLength(round)
    }
    expect(authority.replays).toBe(0)
    await Promise.all(workers.map(end))
  })
})

describe('a kill in the middle of a refresh', () => {
  const killed = async (authority: Authority, moment: 'before' | 'after' | 'answered'): Promise<void> => {
    const worker = await startWorker(authority)
    const gone = once(worker.child, 'exit')
    const kill = async (): Promise<'drop'> => {
      worker.child.kill('SIGKILL')
      await gone
      return 'drop'
    }
    authority.around({
      before: () => (moment === 'before' ? kill() : 'go on'),
      after: () => {
        const killing = kill()
        return moment === 'after' ? killing : 'go on'
      },
    })
    authority.expire()
    worker.child.stdin.write('1\n')
    await gone
    authority.around(null)
  }

  const recovered = async (authority: Authority, id: ConnectionId): Promise<{ state: string; usable: boolean }> => {
    await using desk = await openTokenDesk({ folder: folder.path, origin: authority.server.origin, clock: jumpingClock() })
    await desk.tokens.recover({ signal })
    expect(listIntents(desk.db.reader)).toEqual([])
    const connection = getConnection(desk.db.reader, id)
    if (connection?.state.kind !== 'connected') return { state: connection?.state.because ?? 'gone', usable: false }
    const { headers } = await desk.tokens.credentials(connection).authorize({ signal })
    return { state: 'connected', usable: headers['authorization'] === `Bearer ${authority.access}` }
  }

  test.each([
    ['plain', 'before'],
    ['plain', 'after'],
    ['grace', 'before'],
    ['grace', 'after'],
    ['strict', 'before'],
  ] as const)(
    'costs no sign-in at a %s broker when it hits %s the broker has acted: the old token is presented once more',
    async (model: Model, moment) => {
      await using authority = await startAuthority(model)
      const id = await signIn(authority)
      await killed(authority, moment)
      expect(await recovered(authority, id)).toEqual({ state: 'connected', usable: true })
      expect(authority.presented).toEqual(['refresh-1', 'refresh-1'])
    },
  )

  test('is explained where a broker takes each refresh token once: the session is lost, after one try', async () => {
    await using authority = await startAuthority('strict')
    const id = await signIn(authority)
    await killed(authority, 'after')
    expect(await recovered(authority, id)).toEqual({ state: 'lost', usable: false })
    expect(authority.presented).toEqual(['refresh-1', 'refresh-1'])
    expect(await recovered(authority, id)).toEqual({ state: 'lost', usable: false })
    expect(authority.presented).toHaveLength(2)
  })

  test('while the answer arrives leaves either the new tokens or one more try, never a torn row', async () => {
    await using authority = await startAuthority('grace')
    const id = await signIn(authority)
    for (let round = 0; round < 5; round += 1) {
      await killed(authority, 'answered')
      expect(await recovered(authority, id)).toEqual({ state: 'connected', usable: true })
    }
    await using desk = await openTokenDesk({ folder: folder.path, origin: authority.server.origin, clock: jumpingClock() })
    expect(readToken(desk.db.reader, id)?.generation).toBeGreaterThanOrEqual(6)
  })

  test('frees the lock at once', async () => {
    await using authority = await startAuthority('plain')
    const id = await signIn(authority)
    await killed(authority, 'before')
    await using desk = await openTokenDesk({ folder: folder.path, origin: authority.server.origin, clock: jumpingClock() })
    await desk.tokens.refresh(id, { signal })
    expect(authority.presented).toHaveLength(2)
  })
})

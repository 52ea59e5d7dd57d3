import { expect, test } from 'vitest'
import type { Ports } from '../../../electron/core/ports.ts'
import { testCore } from '../../support/test-core.ts'

const MINUTE = 60_000

/** Power and network that say what they are told to. */
function told() {
  const on = { suspend: new Set<() => void>(), resume: new Set<() => void>(), back: new Set<() => void>() }
  const listen = (listeners: Set<() => void>) => (run: () => void) => {
    listeners.add(run)
    return () => listeners.delete(run)
  }
  const ports: Pick<Ports, 'power' | 'network'> = {
    power: { onSuspend: listen(on.suspend), onResume: listen(on.resume) },
    network: { onReturn: listen(on.back) },
  }
  const tell = (what: keyof typeof on): void => on[what].forEach(run => run())
  return { ports, tell, listeners: () => on.suspend.size + on.resume.size + on.back.size }
}

test('a return of the network and a wake-up renew a token in the later half of its life, long before its own timer', async () => {
  const { ports, tell } = told()
  await using app = await testCore({ background: true, ports })
  const connectionId = await app.connect('schwab')
  await app.call('sync.run', { connectionId })
  const renewals = (): number =>
    app.sandbox
      .control('schwab')
      .requests()
      .filter(({ method, path }) => method === 'POST' && path.endsWith('/token')).length
  const swept = (): unknown[] =>
    app.ports.records.filter(({ event }) => event === 'tokens.swept').map(({ fields }) => [fields['due'], fields['renewed']])
  const begun = renewals()
  app.ports.clock.jump(MINUTE)
  app.ports.clock.jump(15 * MINUTE)
  expect([renewals() - begun, swept()]).toEqual([0, []])

  tell('back')
  app.ports.clock.jump(MINUTE / 2)
  await expect.poll(swept).toEqual([[1, 1]])

  tell('suspend')
  app.ports.clock.jump(16 * MINUTE)
  expect(renewals() - begun).toBe(1)
  tell('resume')
  app.ports.clock.jump(MINUTE / 2)
  await expect.poll(renewals).toBeGreaterThan(begun + 1)
})

test('a core that closes listens to nothing any more', async () => {
  const { ports, listeners } = told()
  const app = await testCore({ background: true, ports })
  expect(listeners()).toBeGreaterThan(0)
  await app[Symbol.asyncDispose]()
  expect(listeners()).toBe(0)
})

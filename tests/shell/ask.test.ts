import { expect, test } from 'vitest'
import { createAsk } from '../../electron/shell/ask.ts'
import { AppError } from '../../shared/contract/errors.ts'
import { testCore } from '../support/test-core.ts'
import { askedCore } from './support/asked.ts'

test('the shell asks the real core what a window could ask, under the same lock', async () => {
  await using app = await testCore()
  const ask = createAsk(Promise.resolve(app.core))
  expect(await ask('connections.list', {})).toEqual({ ok: true, data: [] })
  await app.call('lock.set', { passphrase: 'a lock of six', idleMinutes: null })
  expect(await ask('lock.now', {})).toMatchObject({ ok: true, data: { locked: true } })
  expect(await ask('connections.list', {})).toMatchObject({ ok: false, error: { code: 'app/locked' } })
})

test('what the shell asks waits for the core, and is answered with the reason when that does not open', async () => {
  const opening = Promise.withResolvers<Parameters<typeof createAsk>[0] extends Promise<infer C> ? C : never>()
  const answer = createAsk(opening.promise)('lock.status', {})
  opening.reject(new AppError('app/data-newer'))
  expect(await answer).toMatchObject({ ok: false, error: { code: 'app/data-newer' } })
})

test('an answer that is not of the contract is no answer', async () => {
  const { ask } = askedCore({ 'lock.status': { on: 'yes' } })
  expect(await ask('lock.status', {})).toMatchObject({ ok: false, error: { code: 'app/internal' } })
})

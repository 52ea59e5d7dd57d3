import { expect, test } from 'vitest'
import { z } from 'zod'
import type { BrokerHttp } from '../../../../electron/core/brokers/adapter.ts'
import { webCalls } from '../../../../electron/core/brokers/ibkr/web/calls.ts'
import { AppError } from '../../../../shared/contract/errors.ts'
import { stepClock } from '../../net/support/step-clock.ts'
import { testSession } from '../support/test-session.ts'
import { codeOf } from './support/tws-scene.ts'

const stop = { signal: new AbortController().signal }

test('the orders of a session are shared neither with those who ask while something is sent, nor from then to afterwards', async () => {
  const sent = Promise.withResolvers<never>()
  // Nothing else is asked for here.
  const http = { send: () => sent.promise } as unknown as BrokerHttp
  const session = testSession({ http, clock: stepClock() })
  const [way] = session.methods
  if (!way) throw new Error('no way in')
  const { http: watched, session: web } = webCalls(session, way, true)
  let asked = 0
  const read = (account: string): Promise<unknown> =>
    web.orders.of(
      account,
      () => {
        asked += 1
        return Promise.resolve({ rows: [], asOf: session.now(), envelope: null })
      },
      stop,
    )
  await read('a')
  const order = codeOf(watched.send({ method: 'POST', base: 'api', path: '/orders', schema: z.unknown(), ...stop }))
  await read('b')
  expect(asked).toBe(2)
  sent.reject(new AppError('net/timeout'))
  await order
  await read('c')
  expect(asked).toBe(3)
})

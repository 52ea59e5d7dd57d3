import { expect, test } from 'vitest'
import type { AppraiseDeps } from '../../../electron/core/orders/appraise.ts'
import { createCancel } from '../../../electron/core/orders/cancel.ts'
import { brokers } from '../../../electron/core/brokers/registry.ts'
import type { Intent } from '../../../electron/core/store/order-intents.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { scriptedVenue } from './support/scripted-venue.ts'

test('A cancellation of which no outcome could be written is in doubt, and looked for', async () => {
  const { core, venue, accountId } = await scriptedVenue()
  const { environment } = venue.connection
  const full = (): Promise<never> => Promise.reject(new AppError('app/disk-full'))
  const { between } = core
  Object.assign(venue.trading, {
    cancelOrder() {
      // The disk is full when the answer comes.
      Object.assign(core, { between: full })
      return Promise.resolve({ externalId: '71', status: 'canceled', statusText: 'CANCELED' })
    },
  })
  const reading = { ...core, between: <T>(run: () => T) => core.between(run) }
  const deps = { core: reading, switches: { isOn: () => true }, profile: () => brokers.alpaca.environments[environment] }
  const outcomes: Intent[] = []
  const venues = { of: () => Promise.resolve(venue), forOrders: () => Promise.resolve(venue) }
  const cancel = createCancel(deps as unknown as AppraiseDeps, { venues, onOutcome: intent => outcomes.push(intent) })
  expect(await cancel(accountId, '71')).toMatchObject({ kind: 'cancel', outcome: 'unknown', target: '71' })
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['unknown'])
  Object.assign(core, { between })
})

import { describe, expect, test } from 'vitest'
import { createRunRecorder } from '../../../electron/core/metrics/runs.ts'
import { lastRuns } from '../../../electron/core/store/metric-runs.ts'
import { AppError, toErrorView } from '../../../shared/contract/errors.ts'
import type { SyncResult } from '../../../shared/contract/schemas.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { AccountId, FlowId } from '../../../shared/domain/ids.ts'
import { newId } from '../../../shared/domain/ids.ts'
import type { MetricRun } from '../../../shared/domain/metric-run.ts'
import { counted } from './support.ts'

const at = '2026-11-20T15:00:00.000Z' as Connection['createdAt']
const connection: Connection = {
  id: newId.connection('one'),
  broker: 'ibkr',
  environment: 'live',
  method: 'tws',
  state: { kind: 'connected' },
  createdAt: at,
  consentedAt: null,
  scopes: [],
}
const account = (fetched: number, code?: string): SyncResult['accounts'][number] => ({
  id: 'acc_1' as AccountId,
  result: code === undefined ? 'success' : 'failed',
  fetched,
  new: 0,
  updated: 0,
  requested: null,
  returned: null,
  ...(code === undefined ? {} : { code }),
})
const resultOf = (differs: Partial<SyncResult>): SyncResult => ({
  result: 'success',
  connectionId: connection.id,
  startedAt: at,
  finishedAt: at,
  error: null,
  accounts: [],
  ...differs,
})

function recording() {
  const { clock, db, metrics } = counted()
  const record = createRunRecorder({ metrics, clock })
  const taken = async (): Promise<MetricRun[]> => {
    await metrics.flush()
    return lastRuns(db.reader, 50).toReversed()
  }
  return { clock, record, taken }
}

describe('what is taken down', () => {
  test('of a refresh: how it ended, for the way in that holds the tokens', async () => {
    const { record, taken } = recording()
    record.renewed(connection, { error: null, ms: 210.4 })
    record.renewed({ ...connection, broker: 'tastytrade', method: 'personal-grant' }, { error: new AppError('net/timeout'), ms: 30_000 })
    record.renewed(connection, { error: new AppError('app/canceled'), ms: 10 })
    expect((await taken()).map(({ kind, method, outcome, class: code, durationMs }) => [kind, method, outcome, code, durationMs])).toEqual([
      ['refresh', 'oauth', 'success', null, 210],
      ['refresh', 'personal-grant', 'failed', 'net/timeout', 30_000],
      ['refresh', 'oauth', 'canceled', 'app/canceled', 10],
    ])
  })

  test('of a sync: the rows it read, and the class of the first account that did not come back whole', async () => {
    const { record, taken } = recording()
    const partial = resultOf({ result: 'partial', accounts: [account(40), account(2, 'broker/refused')] })
    const stopped = resultOf({ result: 'failed', error: toErrorView(new AppError('app/canceled')), accounts: [account(7)] })
    record.synced(connection, { result: resultOf({ accounts: [account(12), account(30)] }), error: null, ms: 900 })
    record.synced(connection, { result: partial, error: null, ms: 900 })
    record.synced(connection, { result: stopped, error: null, ms: 50 })
    record.synced(connection, { result: null, error: new AppError('app/disk-full'), ms: 5 })
    record.synced(connection, { result: null, error: new Error('a bug'), ms: 5 })
    expect((await taken()).map(({ outcome, class: code, rows }) => [outcome, code, rows])).toEqual([
      ['success', null, 42],
      ['partial', 'broker/refused', 42],
      ['canceled', 'app/canceled', 7],
      ['failed', 'app/disk-full', 0],
      ['failed', 'app/internal', 0],
    ])
  })

  test('of a sync the vault or a sleeping computer stopped: that it was given up, since no broker failed', async () => {
    const { record, taken } = recording()
    for (const code of ['vault/locked', 'net/asleep'] as const)
      record.synced(connection, { result: resultOf({ result: 'failed', error: toErrorView(new AppError(code)) }), error: null, ms: 3 })
    expect((await taken()).map(({ outcome, class: code }) => [outcome, code])).toEqual([
      ['canceled', 'vault/locked'],
      ['canceled', 'net/asleep'],
    ])
  })

  test('of a browser sign-in: what it took after the answer came, not what its user took', async () => {
    const { clock, record, taken } = recording()
    const flow = { flowId: 'flw_1' as FlowId, broker: 'schwab', environment: 'live' } as const
    record.signIn({ ...flow, state: { kind: 'waiting' } })
    clock.advance(120_000)
    record.signIn({ ...flow, state: { kind: 'finishing' } })
    clock.advance(800)
    record.signIn({ ...flow, state: { kind: 'connected', connectionId: connection.id } })
    expect(await taken()).toMatchObject([{ kind: 'sign-in', outcome: 'success', durationMs: 800, connectionId: connection.id }])
  })

  test('of one that its user declined or left alone: that it was given up, which is no failure', async () => {
    const { record, taken } = recording()
    for (const [number, code] of (['auth/denied', 'auth/expired', 'auth/replaced', 'app/canceled', 'auth/bad-code'] as const).entries()) {
      const flowId = `flw_${number}` as FlowId
      record.signIn({ flowId, broker: 'schwab', environment: 'live', state: { kind: 'failed', error: toErrorView(new AppError(code)) } })
    }
    expect((await taken()).map(({ outcome }) => outcome)).toEqual(['canceled', 'canceled', 'canceled', 'canceled', 'failed'])
  })

  test('of a test: how long it ran, and nothing when the broker was not asked', async () => {
    const { clock, record, taken } = recording()
    const subject = { broker: 'alpaca', environment: 'paper', method: 'api-key', connectionId: null } as const
    const wait = (): Promise<string> => {
      clock.advance(300)
      return Promise.resolve('done')
    }
    expect(await record.measure('test', subject, wait)).toBe('done')
    await expect(record.measure('test', subject, () => Promise.reject(new AppError('auth/bad-field')))).rejects.toMatchObject({
      code: 'auth/bad-field',
    })
    await expect(record.measure('test', subject, () => Promise.reject(new AppError('auth/bad-keys')))).rejects.toMatchObject({
      code: 'auth/bad-keys',
    })
    await record.measure(
      'sign-in',
      subject,
      () => Promise.resolve(1),
      () => ({ connectionId: connection.id }),
    )
    expect((await taken()).map(({ kind, outcome, durationMs, connectionId }) => [kind, outcome, durationMs, connectionId])).toEqual([
      ['test', 'success', 300, null],
      ['test', 'failed', 0, null],
      ['sign-in', 'success', 0, connection.id],
    ])
  })
})

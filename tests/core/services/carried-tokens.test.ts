import { describe, expect, test } from 'vitest'
import { tastytrade } from '../../../electron/core/brokers/tastytrade/index.ts'
import { createConnectionForms } from '../../../electron/core/services/connection-forms.ts'
import type { ConnectRequest } from '../../../electron/core/services/connect.ts'
import { createFormCandidates } from '../../../electron/core/services/form-candidates.ts'
import { createLog } from '../../../electron/core/log/log.ts'
import { Secret } from '../../../electron/core/vault/secret.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { stepClock } from '../net/support/step-clock.ts'

const MINUTE = 60_000
const PASTED = 'pasted-refresh-token-0000'
const form = {
  broker: 'tastytrade',
  environment: 'live',
  method: 'personal-grant',
  values: { 'client-secret': 'a-client-secret-of-forty-characters-0001', 'refresh-token': PASTED },
} as const
const context = { signal: new AbortController().signal } as never
const account = { key: 'a', number: '5WX00001', name: 'Mine', type: 'margin', currency: 'USD' }

/** The forms over a broker that takes each refresh token once and answers the next one. */
function forms({ fails = () => false }: { readonly fails?: () => boolean } = {}) {
  const clock = stepClock()
  let valid = PASTED
  let issued = 0
  const presented: string[] = []
  const saved: (string | undefined)[] = []
  const candidate = createFormCandidates({
    desk: { broker: () => tastytrade } as never,
    tokens: { save: (_id, grant) => void saved.push(grant.refresh?.reveal()), saveKeys: () => undefined },
    personalGrant(_broker, _environment, { refresh }) {
      presented.push(refresh.reveal())
      if (refresh.reveal() !== valid) return Promise.reject(new AppError('auth/bad-keys', { details: { broker: 'tastytrade' } }))
      valid = `rotated-refresh-token-${(issued += 1)}`
      return Promise.resolve({ access: Secret.of('access'), refresh: Secret.of(valid), scope: null, expiresAt: null } as never)
    },
    log: createLog(() => undefined, clock),
    clock,
  })
  const adapter = { accounts: () => Promise.resolve([account]), balances: () => Promise.resolve([]) }
  const handlers = createConnectionForms({
    vault: { status: () => ({ state: 'open' }) },
    desk: { broker: () => tastytrade, offer: () => undefined, adapter: () => adapter },
    clock,
    keepers: { of: () => () => undefined, close: () => Promise.resolve() },
    connect: (request: ConnectRequest) => {
      if (fails()) return Promise.reject(new AppError('net/offline'))
      request.save('con_1' as ConnectionId)
      return Promise.resolve({ connectionId: 'con_1', joined: false })
    },
    candidate,
    ensureSandbox: () => Promise.resolve(),
  } as never)
  return {
    clock,
    presented,
    saved,
    newest: () => valid,
    accept: (token: string) => void (valid = token),
    test: (values: Readonly<Record<string, string>> = form.values) => handlers['connections.try']({ ...form, values } as never, context),
    save: () => handlers['connections.withForm']({ ...form, consent: true } as never, context),
  }
}

describe('a refresh token that its test wore out', () => {
  test('is followed by the one the broker gave for it when the same form is tested again and saved', async () => {
    const it = forms()
    await it.test()
    await it.test()
    await it.save()
    expect(it.presented).toEqual([PASTED, 'rotated-refresh-token-1', 'rotated-refresh-token-2'])
    expect(it.saved).toEqual([it.newest()])
  })

  test('is followed also after a save that failed', async () => {
    let offline = true
    const it = forms({ fails: () => offline })
    await expect(it.save()).rejects.toMatchObject({ code: 'net/offline' })
    offline = false
    await it.save()
    expect(it.saved).toEqual([it.newest()])
  })

  test('is not followed for a form with another secret, nor minutes later, nor once a connection has it', async () => {
    const other = forms()
    await other.test()
    await expect(other.test({ ...form.values, 'client-secret': 'a-client-secret-of-forty-characters-0002' })).rejects.toMatchObject({
      code: 'auth/bad-keys',
    })
    const late = forms()
    await late.test()
    late.clock.advance(10 * MINUTE)
    await expect(late.save()).rejects.toMatchObject({ code: 'auth/bad-keys' })
    const kept = forms()
    await kept.save()
    await expect(kept.test()).rejects.toMatchObject({ code: 'auth/bad-keys' })
    expect([other, late, kept].map(({ presented }) => new Set(presented).size)).toEqual([1, 1, 1])
  })

  test('is tried again as it was typed once the one that followed it is refused', async () => {
    const it = forms()
    await it.test()
    it.accept(PASTED)
    await expect(it.save()).rejects.toMatchObject({ code: 'auth/bad-keys' })
    await it.save()
    expect(it.presented).toEqual([PASTED, 'rotated-refresh-token-1', PASTED])
    expect(it.saved).toEqual([it.newest()])
  })

  test('leaves nothing behind after ten minutes', async () => {
    const it = forms()
    await it.test()
    expect(it.clock.pending()).toHaveLength(1)
    it.clock.advance(10 * MINUTE)
    expect(it.clock.pending()).toEqual([])
  })
})

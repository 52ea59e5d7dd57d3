import { describe, expect, test } from 'vitest'
import { answered, failed } from '../../../electron/core/orders/outcome.ts'
import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'

describe('what became of something that was sent', () => {
  test('is what the broker answered, and `rejected` in it is a refusal', () => {
    const placed = { externalId: '7', status: 'working' as const, statusText: 'WORKING' }
    expect(answered(placed)).toEqual({ outcome: 'confirmed', placed, error: null })
    expect(answered({ ...placed, status: 'rejected' })).toMatchObject({ outcome: 'rejected', placed: { externalId: '7' }, error: null })
  })

  const NEVER_LEFT: ErrorCode[] = [
    'net/offline',
    'auth/sign-in-needed',
    'vault/locked',
    'local/not-running',
    'flex/not-ready',
    'sandbox/address-refused',
    'app/canceled',
    'app/locked',
    'order/invalid',
    'order/not-offered',
    'order/read-only',
    'order/stopped-killed',
  ]
  test.each(NEVER_LEFT)('is nothing where it never left: %s', code => {
    const error = new AppError(code)
    expect(failed(error)).toEqual({ outcome: 'not-sent', placed: null, error })
  })

  const TURNED_AWAY: ErrorCode[] = [
    'order/not-open',
    'order/not-found',
    'broker/rate-limited',
    'broker/scope-missing',
    'broker/account-gone',
    'broker/unavailable',
  ]
  test.each(TURNED_AWAY)('is nothing where the broker turned it away at the door: %s', code => {
    const error = new AppError(code)
    expect(failed(error)).toEqual({ outcome: 'not-sent', placed: null, error })
  })

  test('is a refusal only where the broker looked at the order and said no', () => {
    const error = new AppError('order/rejected')
    expect(failed(error)).toEqual({ outcome: 'rejected', placed: null, error })
  })

  const OPEN: ErrorCode[] = ['broker/unreadable', 'broker/page', 'app/internal', 'app/disk-full', 'order/changed', 'app/not-found']
  test.each(OPEN)('stays open after anything else, which is kept as the cause: %s', code => {
    const cause = new AppError(code)
    const attempt = failed(cause)
    expect(attempt).toMatchObject({ outcome: 'unknown', placed: null, error: { code: 'order/unknown' } })
    expect(attempt.error?.cause).toBe(cause)
  })

  test('stays open after a mistake of our own, and keeps what an adapter already said of it', () => {
    const mistake = new TypeError('undefined is not a function')
    const attempt = failed(mistake)
    expect(attempt).toMatchObject({ outcome: 'unknown', placed: null, error: { code: 'order/unknown' } })
    expect(attempt.error?.cause).toBe(mistake)
    const said = new AppError('order/unknown', { details: { broker: 'Schwab' } })
    expect(failed(said).error).toBe(said)
  })
})

import { expect, test } from 'vitest'
import { AppError, type ErrorCode, toErrorView } from '../../shared/contract/errors.ts'
import { wasGivenUp } from '../../shared/domain/given-up.ts'
import { Instant } from '../../shared/domain/time.ts'
import { connectionStatus } from '../../shared/words/status.ts'
import { connection, NOW } from '../renderer/examples.ts'

const now = Instant.parse(NOW)

function wordAfter(code: ErrorCode): string {
  const { id } = connection()
  const error = toErrorView(new AppError(code))
  return connectionStatus(connection({ lastSync: { result: 'failed', connectionId: id, startedAt: now, finishedAt: now, error, accounts: [] } }), now).word
}

test.each(['app/canceled', 'vault/locked', 'net/asleep'] as const)('a sync that ended with %s is no error of its connection', code => {
  expect(wasGivenUp(code)).toBe(true)
  expect(wordAfter(code)).toBe('Connected')
})

test.each(['net/offline', 'net/timeout', 'app/disk-full'] as const)('one that ended with %s is', code => {
  expect(wasGivenUp(code)).toBe(false)
  expect(wordAfter(code)).toBe('Error')
})

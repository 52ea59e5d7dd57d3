import { expect, test } from 'vitest'
import { createPace } from '../../../electron/core/orders/pace.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { virtualClock } from '../../support/virtual-clock.ts'

test('What is done too often within a minute is refused with how often it may be, until the first of them is a minute old', () => {
  const clock = virtualClock()
  const pace = createPace(clock, { most: 2, what: 'reviews' })
  pace.take()
  clock.jump(30_000)
  pace.take()
  clock.jump(29_999)
  const once = (): unknown => {
    try {
      pace.take()
      return 'taken'
    } catch (error) {
      return error instanceof AppError ? [error.code, error.message] : error
    }
  }
  expect(once()).toEqual(['order/too-many', expect.stringContaining('More than 2 reviews within a minute')])
  clock.jump(1)
  expect(once()).toBe('taken')
  expect(once()).toEqual(['order/too-many', expect.anything()])
})

import { expect, test } from 'vitest'
import { createArming } from '../../../electron/core/orders/arming.ts'
import { AccountIdSchema } from '../../../shared/contract/schemas.ts'

const account = { id: AccountIdSchema.parse('acc_1'), maskedNumber: '••••44A7' }

test('a live account is armed by its own last digits alone, for this run', () => {
  const arming = createArming()
  for (const digits of ['', '7', '4A7', '44A8', '044A7']) expect(() => arming.arm(account, digits)).toThrow(/not the last digits/)
  expect(arming.isArmed(account.id)).toBe(false)
  arming.arm(account, '44a7')
  expect(arming.isArmed(account.id)).toBe(true)
  expect(createArming().isArmed(account.id)).toBe(false)
})

test('an account without a number is never armed', () => {
  expect(() => createArming().arm({ ...account, maskedNumber: '••••' }, '')).toThrow(/not the last digits/)
})

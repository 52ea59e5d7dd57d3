import { AppError } from '../../../shared/contract/errors.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { StoredAccount } from '../store/accounts.ts'

/** Live accounts whose digits were typed in this run. Nothing of it is kept. */
export interface Arming {
  isArmed(accountId: AccountId): boolean
  /** Throws order/wrong-digits, and arms nothing. */
  check(account: Pick<StoredAccount, 'maskedNumber'>, digits: string): void
  /** Throws order/wrong-digits. */
  arm(account: Pick<StoredAccount, 'id' | 'maskedNumber'>, digits: string): void
}

export function createArming(): Arming {
  const armed = new Set<AccountId>()
  return {
    isArmed: accountId => armed.has(accountId),
    check,
    arm(account, digits) {
      check(account, digits)
      armed.add(account.id)
    },
  }
}

function check({ maskedNumber }: Pick<StoredAccount, 'maskedNumber'>, digits: string): void {
  const shown = maskedNumber.replace(/[^0-9A-Za-z]/g, '')
  if (shown === '' || shown.toUpperCase() !== digits.toUpperCase()) throw new AppError('order/wrong-digits')
}

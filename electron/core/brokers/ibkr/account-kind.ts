import { AppError } from '../../../../shared/contract/errors.ts'

/**
 * Practice accounts begin with D (DU, and DF for advisors), live ones do not. A port says nothing: it can be set freely. Throws
 * auth/wrong-environment when an account is not of the chosen kind, broker/no-accounts when there is none.
 */
export function checkKind(accounts: readonly string[], paper: boolean): void {
  if (accounts.length === 0) throw new AppError('broker/no-accounts')
  if (accounts.every(account => isPaper(account) === paper)) return
  const [actual, expected] = paper ? ['live', 'paper'] : ['paper', 'live']
  throw new AppError('auth/wrong-environment', { details: { actual, expected } })
}

export function isPaper(account: string): boolean {
  return /^D[A-Z]/i.test(account)
}

/** tastytrade's paths take the account number itself. */
export function accountPath(account: string): string {
  return `/accounts/${encodeURIComponent(account)}`
}

/** One order of an account. */
export function orderPath(account: string, orderId: string): string {
  return `${accountPath(account)}/orders/${encodeURIComponent(orderId)}`
}

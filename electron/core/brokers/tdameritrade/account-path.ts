export function accountPath(account: string): string {
  return `/accounts/${encodeURIComponent(account)}`
}

export function orderPath(account: string, orderId: string): string {
  return `${accountPath(account)}/orders/${encodeURIComponent(orderId)}`
}

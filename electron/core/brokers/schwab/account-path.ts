/** The hash stands for the account in every path; the plain number is refused. */
export function accountPath(hash: string): string {
  return `/accounts/${encodeURIComponent(hash)}`
}

import { AppError } from '../../../../shared/contract/errors.ts'
import { OWN_HOST_SENTENCE } from '../own-host.ts'

/** `127.0.0.1:7496` or `[::1]:7496` taken apart as a socket wants it. Throws auth/bad-field. */
export function twsAddress(base: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(base) ?? []
  const host = bracketed ?? plain
  if (host === undefined) throw new AppError('auth/bad-field', { details: { field: 'Host', problem: OWN_HOST_SENTENCE } })
  return { host, port: Number(port) }
}

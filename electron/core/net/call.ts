import { AppError } from '../../../shared/contract/errors.ts'

export interface Target {
  readonly base: string
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** The address of a call below one of the bases. Throws net/blocked for an unknown base and for paths that could lead elsewhere. */
export function addressOf(bases: Readonly<Record<string, string>>, { base, path, query = {} }: Target): string {
  const root = bases[base]
  if (root === undefined || !path.startsWith('/') || /\/\.{0,2}\/|\/\.{1,2}$|[?#\\]/.test(path)) throw new AppError('net/blocked')
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) for (const one of [value ?? []].flat()) search.append(name, one)
  const text = search.toString()
  return `${root}${path}${text === '' ? '' : `?${text}`}`
}

/** What is sent: text as it is, anything else as JSON, nothing for nothing. */
export function bodyOf(body: unknown): string | undefined {
  return body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
}

/** The headers of a call, in lower case; a body is JSON unless they say otherwise. */
export function withContentType(headers: Readonly<Record<string, string>> = {}, body: string | undefined): Record<string, string> {
  const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return body === undefined ? named : { 'content-type': 'application/json', ...named }
}

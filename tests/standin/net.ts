import http from 'node:http'
import https from 'node:https'
import { fetchFile, schemeHandlers } from './protocol.ts'
import { strict } from './strict.ts'

type RequestOptions = {
  url?: string
  protocol?: string
  redirect?: string
  session?: unknown
  partition?: string
  cache?: string
  useSessionCookies?: boolean
} & http.RequestOptions
/** Electron's own settings, which Node's client has no use for. */
const OWN = new Set(['url', 'redirect', 'session', 'partition', 'cache', 'useSessionCookies', 'credentials', 'origin'])

/** Requests of the main process, over Node. Node's request has the events response, error and abort; not redirect and login. */
function request(given: string | RequestOptions): http.ClientRequest {
  const { url, ...rest } = typeof given === 'string' ? { url: given } : given
  const settings = Object.fromEntries(Object.entries(rest).filter(([name]) => !OWN.has(name)))
  const protocol = url === undefined ? (rest as RequestOptions).protocol : new URL(url).protocol
  const client = protocol === 'https:' ? https : http
  return url === undefined ? client.request(settings) : client.request(url, settings)
}

async function fetchLike(input: string | Request, init?: RequestInit): Promise<Response> {
  const url = typeof input === 'string' ? input : input.url
  if (url.startsWith('file:')) return fetchFile(url)
  const own = schemeHandlers.get(new URL(url).protocol.slice(0, -1))
  return own ? own(new Request(input, init)) : fetch(input, init)
}

let isOnline = true
export const net = strict('net', {
  request,
  fetch: fetchLike,
  isOnline: (): boolean => isOnline,
  get online(): boolean {
    return isOnline
  },
})

/** Plugs the network in or out, as far as `net` tells of it. */
export function plugNetwork(on: boolean): void {
  isOnline = on
}

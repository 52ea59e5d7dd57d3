import type { Protocol } from './cdp.ts'
import { fromWire, toWire } from './addresses.ts'
import { blockedRequests, pageErrors } from './log.ts'
import { fetchFile, schemeHandlers } from './protocol.ts'
import { defaultSession, type HeaderLists } from './session.ts'

export interface PageRequest {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly resourceType: string
}

export type Answer =
  | { readonly kind: 'response'; readonly status: number; readonly headers: readonly Protocol.Fetch.HeaderEntry[]; readonly body: Buffer }
  | { readonly kind: 'refused'; readonly reason: Protocol.Network.ErrorReason }

const refused = (reason: Protocol.Network.ErrorReason): Answer => ({ kind: 'refused', reason })

/** Answers what a page asks for, as the app's own protocol handlers and request hooks say. Nothing else is reached. */
export async function answer(request: PageRequest): Promise<Answer> {
  const { url } = request
  const verdict = await beforeRequest(request)
  if (verdict.cancel === true) return refused('BlockedByClient')
  if (verdict.redirectURL !== undefined)
    return { kind: 'response', status: 307, headers: [{ name: 'location', value: toWire(verdict.redirectURL) }], body: Buffer.alloc(0) }
  const scheme = new URL(url).protocol.slice(0, -1)
  const own = schemeHandlers.get(scheme)
  if (!own && scheme !== 'file') {
    blockedRequests.push(url)
    return refused('BlockedByClient')
  }
  try {
    const init = { method: request.method, headers: { ...request.headers }, ...(request.body === undefined ? {} : { body: request.body }) }
    const response = own ? await own(new Request(url, init)) : await fetchFile(url)
    return await toAnswer(url, response)
  } catch (cause) {
    pageErrors.push(`protocol handler: ${String(cause)}`)
    return refused('Failed')
  }
}

async function toAnswer(url: string, response: Response): Promise<Answer> {
  const lists: HeaderLists = Object.fromEntries([...response.headers].map(([name, value]) => [name, [value]]))
  const { cancel, responseHeaders = lists } = await headersReceived(url, response.status, lists)
  if (cancel === true) return refused('BlockedByClient')
  const headers = Object.entries(responseHeaders).flatMap(([name, values]) =>
    [values].flat().map(value => ({ name, value: name.toLowerCase() === 'location' ? toWire(new URL(value, url).href) : value })),
  )
  return { kind: 'response', status: response.status, headers, body: Buffer.from(await response.arrayBuffer()) }
}

function beforeRequest({ url, method, resourceType }: PageRequest): Promise<{ cancel?: boolean; redirectURL?: string }> {
  const { beforeRequest: listener } = defaultSession
  return listener ? new Promise(resolve => listener({ url, method, resourceType }, resolve)) : Promise.resolve({})
}

function headersReceived(
  url: string,
  statusCode: number,
  responseHeaders: HeaderLists,
): Promise<{ cancel?: boolean; responseHeaders?: Record<string, string | string[]> }> {
  const { headersReceived: listener } = defaultSession
  return listener ? new Promise(resolve => listener({ url, statusCode, responseHeaders }, resolve)) : Promise.resolve({})
}

/** A paused request of Chromium's, in the app's own addresses. */
export function readRequest({ request, resourceType }: Protocol.Fetch.requestPausedPayload): PageRequest {
  const { url, method, headers, postData } = request
  return { url: fromWire(url), method, headers, body: method === 'GET' || method === 'HEAD' ? undefined : postData, resourceType }
}

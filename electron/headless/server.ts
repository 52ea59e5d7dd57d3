import { readFile } from 'node:fs'
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { PAGE_HEADERS } from '../node/page-policy.ts'
import type { StaticFiles } from '../node/static-files.ts'
import type { Doorkeeper } from './doorkeeper.ts'
import { checkCommand, checkKnock, type Knock, pathOf, queryOf, type Refusal } from './gate.ts'
import type { Guest } from './guests.ts'
import { LINK_NEEDED_PAGE, UI_MISSING_PAGE } from './pages.ts'

/** Takes over a socket whose upgrade to a WebSocket was admitted. */
export type TakeSocket = (request: IncomingMessage, socket: Duplex, head: Buffer, guest: Guest) => void

export interface DoorDeps {
  readonly port: number
  readonly doorkeeper: Doorkeeper
  readonly files: StaticFiles
  /** Facts about this host for local programs. */
  readonly about: () => Readonly<Record<string, string | number>>
  /** Whether programs get links for browsers. What has no pages gives none: a browser may say yes to orders. */
  readonly givesLinks: boolean
  readonly takeSocket: TakeSocket
}

const HEADERS_MS = 10_000
const REQUEST_MS = 15_000
const MAX_CONNECTIONS = 512
const MAX_HEADER_BYTES = 16 * 1024
const TEXT = 'text/plain; charset=utf-8'

/** A web server with tight limits, not listening yet. */
export function createServer(): Server {
  const server = http.createServer({ maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS })
  server.maxConnections = MAX_CONNECTIONS
  return server
}

/**
 * Opens the door of the headless host on a server that has just begun to listen: the built pages, a one-time link to get in,
 * and the WebSocket. Every request and every upgrade passes the same gate. There is no other way to call the core, and no
 * answer ever has a CORS header.
 */
export function openDoor(server: Server, deps: DoorDeps): void {
  server.on('request', (request, response) => answer(deps, request, response))
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const refusal = checkUpgrade(deps, request)
    if (refusal !== null) refuseUpgrade(socket, refusal)
    else deps.takeSocket(request, socket, head, deps.doorkeeper.knowsSession(request.headers.cookie) ? 'window' : 'program')
  })
  server.on('clientError', (_error, socket) => {
    if (socket.writable) refuseUpgrade(socket, 400)
    else socket.destroy()
  })
}

function knockOf(request: IncomingMessage): Knock {
  const hosts = request.rawHeaders.filter((_, index, all) => index % 2 === 1 && all[index - 1]?.toLowerCase() === 'host')
  return { method: request.method ?? '', url: request.url ?? '', hosts, headers: request.headers }
}

function mayEnter({ doorkeeper }: DoorDeps, { headers }: Knock): boolean {
  return doorkeeper.knowsSession(headers.cookie) || doorkeeper.knowsBearer(headers.authorization)
}

function checkUpgrade(deps: DoorDeps, request: IncomingMessage): Refusal | null {
  const knock = knockOf(request)
  const refusal = checkKnock(knock, deps.port)
  if (refusal !== null) return refusal
  if (knock.method !== 'GET') return 405
  if (knock.url !== '/ws') return 404
  return mayEnter(deps, knock) ? null : 401
}

function answer(deps: DoorDeps, request: IncomingMessage, response: ServerResponse): void {
  const knock = knockOf(request)
  const refusal = checkKnock(knock, deps.port)
  if (refusal !== null) refuse(response, refusal)
  else if (knock.method === 'GET') answerGet(deps, knock, response)
  else if (knock.method === 'POST') answerPost(deps, knock, response)
  else refuse(response, 405)
}

function answerGet(deps: DoorDeps, knock: Knock, response: ServerResponse): void {
  const path = pathOf(knock.url)
  const link = path === '/' ? queryOf(knock.url, 'link') : null
  const inside = mayEnter(deps, knock)
  // A browser that fetches pages ahead of the user must not use up the link.
  if (link !== null && /prefetch|prerender/.test(String(knock.headers['sec-purpose'] ?? knock.headers['purpose'] ?? '')))
    return refuse(response, 403)
  if (link !== null && inside) return redirectHome(response)
  const session = link === null ? null : deps.doorkeeper.redeem(link)
  if (session !== null) return redirectHome(response.setHeader('set-cookie', deps.doorkeeper.cookie(session)))
  if (!inside) return path === '/' ? send(response, 401, 'text/html; charset=utf-8', LINK_NEEDED_PAGE) : refuse(response, 401)
  if (path === '/host') return send(response, 200, 'application/json', JSON.stringify(deps.about()))
  sendFile(deps, path, response)
}

function answerPost(deps: DoorDeps, knock: Knock, response: ServerResponse): void {
  const refusal = checkCommand(knock.headers)
  if (refusal !== null) return refuse(response, refusal)
  // Only a program that may read the private host file gets new links: a page has no use for one.
  if (!deps.doorkeeper.knowsBearer(knock.headers.authorization)) return refuse(response, 401)
  if (knock.url !== '/link' || !deps.givesLinks) return refuse(response, 404)
  send(response, 200, 'application/json', JSON.stringify({ link: linkAddress(deps.port, deps.doorkeeper.issueLink()) }))
}

/** The address that lets one browser in, once. */
export function linkAddress(port: number, token: string): string {
  return `http://127.0.0.1:${port}/?link=${token}`
}

function redirectHome(response: ServerResponse): void {
  response.writeHead(303, { ...PAGE_HEADERS, location: '/', 'content-length': 0 }).end()
}

function sendFile({ files }: DoorDeps, path: string | null, response: ServerResponse): void {
  const found = path === null ? undefined : files(path)
  if (!found) return path === '/' ? send(response, 503, 'text/html; charset=utf-8', UI_MISSING_PAGE) : refuse(response, 404)
  readFile(found.file, (error, bytes) => (error ? refuse(response, 404) : send(response, 200, found.type, bytes)))
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { ...PAGE_HEADERS, 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body)
}

function refuse(response: ServerResponse, status: Refusal): void {
  // The body of a refused request is not read; its connection is given up instead.
  response.setHeader('connection', 'close')
  send(response, status, TEXT, `${status}\n`)
}

function refuseUpgrade(socket: Duplex, status: Refusal): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\nX-Content-Type-Options: nosniff\r\n\r\n`)
}

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectSecure } from 'node:tls'

export interface Place {
  readonly port: number
  /** For https: the certificate to trust. */
  readonly ca?: string | null
}

export interface Answer {
  readonly status: number
  readonly head: string
  readonly body: string
  /** Every byte, as sent. */
  readonly raw: string
}

/** The place a redirect address points to. */
export function placeOf(redirectUri: string, ca: string | null = null): Place & { readonly path: string; readonly host: string } {
  const url = new URL(redirectUri)
  return { port: Number(url.port), path: url.pathname, host: url.host, ca }
}

/** A raw connection to the loopback, plain or TLS, ready to write to. */
export async function dial({ port, ca }: Place): Promise<Socket> {
  const at = { host: '127.0.0.1', port }
  const socket = ca ? connectSecure({ ...at, ca }) : connect(at)
  await once(socket, ca ? 'secureConnect' : 'connect')
  return socket.on('error', () => undefined)
}

/** Resolves when the socket is closed, by whoever and however. */
export function closed(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    if (socket.closed) resolve()
    else socket.resume().once('close', () => resolve())
  })
}

/** Sends bytes as they are and reads until the other side closes. Status 0 means it closed without an answer. */
export async function sendRaw(place: Place, bytes: string): Promise<Answer> {
  const socket = await dial(place)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.write(bytes)
  await closed(socket)
  const raw = Buffer.concat(chunks).toString('latin1')
  const [head = '', ...rest] = raw.split('\r\n\r\n')
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, body: rest.join('\r\n\r\n'), raw }
}

export interface VisitOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** One request the way a browser following a redirect sends it, with what a test wants different. */
export function visit(place: Place, target: string, { method = 'GET', headers = {} }: VisitOptions = {}): Promise<Answer> {
  const all = {
    host: `127.0.0.1:${place.port}`,
    accept: 'text/html',
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return sendRaw(place, `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`)
}

/** True when something accepts connections at the address. */
export async function isListening(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

/** A message as its fields. */
export type Fields = readonly (string | number)[]

/** What the peer answers to a message of the client; the first field is its number. */
export type Answer = (fields: readonly string[], line: PeerLine) => void

export interface PeerLine {
  /** Sends messages as they are. */
  say(...messages: readonly Fields[]): void
  /** Sends bytes that need not be whole messages. */
  bytes(data: Buffer): void
  hangUp(): void
}

export interface TwsPeer {
  readonly port: number
  /** Every message received so far, hellos left out. */
  readonly received: string[][]
  /** Client ids that said hello. */
  readonly clients: number[]
  readonly lines: PeerLine[]
  /** Resolves with the first message that fits, those received already included. */
  message(fits: (fields: readonly string[]) => boolean): Promise<readonly string[]>
  close(): Promise<void>
}

export interface PeerOptions {
  readonly accounts?: string
  readonly version?: number
  readonly answer?: Answer
  /** False leaves the client waiting, as TWS does while it asks on its screen. */
  readonly hello?: (clientId: number, line: PeerLine) => boolean
  readonly silent?: boolean
}

/** A stand-in for TWS on a port of this machine, which says what it is told to. */
export async function twsPeer({
  accounts = 'DU1234567,',
  version = 193,
  answer,
  hello,
  silent = false,
}: PeerOptions = {}): Promise<TwsPeer> {
  const received: string[][] = []
  const clients: number[] = []
  const lines: PeerLine[] = []
  const sockets = new Set<Socket>()
  const watchers = new Set<() => void>()

  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
    const line = peerLine(socket)
    lines.push(line)
    if (silent) return
    readFrames(socket, fields => {
      if (fields === 'hello') {
        line.say([version, '20261120 10:00:00 EST'])
        return
      }
      if (fields[0] === '71') {
        const clientId = Number(fields[2])
        clients.push(clientId)
        if (hello?.(clientId, line) !== false)
          line.say([15, 1, accounts], [9, 1, 7], [4, 2, -1, 2104, 'Market data farm connection is OK:usfarm', ''])
        return
      }
      received.push([...fields])
      for (const watcher of new Set(watchers)) watcher()
      if (fields[0] === '49' && answer === undefined) line.say([49, 1, 1_795_000_000])
      answer?.(fields, line)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  return {
    port,
    received,
    clients,
    lines,
    message(fits) {
      const { promise, resolve } = Promise.withResolvers<readonly string[]>()
      const look = (): void => {
        const found = received.find(fits)
        if (!found) return
        watchers.delete(look)
        resolve(found)
      }
      watchers.add(look)
      look()
      return promise
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
}

function peerLine(socket: Socket): PeerLine {
  return {
    say: (...messages) => void socket.write(Buffer.concat(messages.map(frame))),
    bytes: data => void socket.write(data),
    hangUp: () => void socket.destroy(),
  }
}

/** A message with its length before it. */
export function frame(fields: Fields): Buffer {
  const body = Buffer.from(fields.map(field => `${field}\0`).join(''))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  return Buffer.concat([length, body])
}

function readFrames(socket: Socket, take: (fields: readonly string[] | 'hello') => void): void {
  let buffer = Buffer.alloc(0)
  let greeted = false
  socket.on('data', chunk => {
    buffer = Buffer.concat([buffer, chunk])
    if (!greeted) {
      if (buffer.length < 8 || buffer.length < 8 + buffer.readUInt32BE(4)) return
      buffer = buffer.subarray(8 + buffer.readUInt32BE(4))
      greeted = true
      take('hello')
    }
    while (buffer.length >= 4 && buffer.length >= 4 + buffer.readUInt32BE(0)) {
      const body = buffer.subarray(4, 4 + buffer.readUInt32BE(0)).toString()
      buffer = buffer.subarray(4 + buffer.readUInt32BE(0))
      take(body.split('\0').slice(0, -1))
    }
  })
}

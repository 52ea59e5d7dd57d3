import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'

/** A client of our own on the bare protocol: it reads frames as they are and decodes nothing. */
export interface Plain {
  readonly socket: Socket
  send(fields: readonly (string | number)[]): void
  /** The next message that begins with these fields, past or to come. */
  message(...start: readonly string[]): Promise<string[]>
  [Symbol.dispose](): void
}

export async function openPlain(url: string, version = 193, clientId = 5): Promise<Plain> {
  const [host = '', port = ''] = url.split(':')
  const socket = connect(Number(port), host)
  const messages: string[][] = []
  const waiting = new Set<() => void>()
  let bytes = Buffer.alloc(0)
  socket.on('data', chunk => {
    bytes = Buffer.concat([bytes, chunk])
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE(0)) {
      const length = bytes.readUInt32BE(0)
      messages.push(
        bytes
          .subarray(4, 4 + length)
          .toString('utf8')
          .split('\0')
          .slice(0, -1),
      )
      bytes = bytes.subarray(4 + length)
    }
    for (const look of waiting) look()
  })
  await once(socket, 'connect')
  const frame = (body: Buffer) => {
    const head = Buffer.alloc(4)
    head.writeUInt32BE(body.length)
    return Buffer.concat([head, body])
  }
  const send: Plain['send'] = fields => socket.write(frame(Buffer.from(fields.map(field => `${field}\0`).join(''))))
  socket.write(Buffer.concat([Buffer.from('API\0'), frame(Buffer.from(`v100..${version}`))]))
  const message: Plain['message'] = (...start) =>
    new Promise(resolve => {
      const look = (): void => {
        const at = messages.findIndex(fields => start.every((field, index) => fields[index] === field))
        if (at < 0) return
        waiting.delete(look)
        const [found] = messages.splice(at, 1)
        if (found) resolve(found)
      }
      waiting.add(look)
      look()
    })
  await message(String(version))
  send([71, 2, clientId, ''])
  return { socket, send, message, [Symbol.dispose]: () => socket.destroy() }
}

/** The fields of a placeOrder message: 118 of them, most of them empty. */
export function placeOrderFields(change: Readonly<Record<number, string | number>>): (string | number)[] {
  const usual = { 0: 3, 3: 'AAPL', 4: 'STK', 9: 'SMART', 11: 'USD', 16: 'BUY', 17: 10, 18: 'MKT', 21: 'DAY', 23: 'DU7654321', 27: 1 }
  const fields: (string | number)[] = Array.from({ length: 118 }, () => '')
  for (const [index, value] of Object.entries({ ...usual, ...change })) fields[Number(index)] = value
  return fields
}

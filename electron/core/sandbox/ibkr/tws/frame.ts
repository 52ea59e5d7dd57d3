/** One field of a message: text, or a number written as text. */
export type Field = string | number

/** A message as TWS frames it: four bytes of length, then every field with a NUL behind it. */
export function frame(fields: readonly Field[]): Buffer {
  const body = Buffer.from(fields.map(field => `${field}\0`).join(''), 'utf8')
  return withLength(body)
}

function withLength(body: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  return Buffer.concat([head, body])
}

/** The versions a client offers, from `v100..193`; a text after them names options. */
export interface Offer {
  readonly min: number
  readonly max: number
}

/** What a stream of client bytes holds: the greeting first, then messages. */
export interface FrameReader {
  /** Takes bytes in, however they were cut. Answers false when they are no client's. */
  push(bytes: Buffer): boolean
}

const GREETING = Buffer.from('API\0', 'latin1')
const LONGEST = 0xff_ffff

/** Reads a client's side of the conversation. */
export function createFrameReader(onOffer: (offer: Offer) => void, onMessage: (fields: string[]) => void): FrameReader {
  let waiting = Buffer.alloc(0)
  let greeted = false
  let offered = false
  return {
    push(bytes) {
      waiting = Buffer.concat([waiting, bytes])
      if (!greeted) {
        if (waiting.length < GREETING.length) return GREETING.subarray(0, waiting.length).equals(waiting)
        if (!waiting.subarray(0, 4).equals(GREETING)) return false
        greeted = true
        waiting = waiting.subarray(4)
      }
      while (waiting.length >= 4) {
        const length = waiting.readUInt32BE(0)
        if (length > LONGEST) return false
        if (waiting.length < 4 + length) return true
        const body = waiting.subarray(4, 4 + length).toString('utf8')
        waiting = waiting.subarray(4 + length)
        if (offered) {
          onMessage(body.split('\0').slice(0, -1))
          continue
        }
        const match = /^v(\d+)(?:\.\.(\d+))?/.exec(body)
        if (!match) return false
        offered = true
        onOffer({ min: Number(match[1]), max: Number(match[2] ?? match[1]) })
      }
      return true
    },
  }
}

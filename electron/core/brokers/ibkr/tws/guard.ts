type Call = () => unknown

/**
 * Keeps a fault in one message from tearing the process down: the client decodes inside the socket's data event, where nothing
 * would catch an exception. Text that should be JSON and is not is blanked before it is parsed; everything else that is thrown
 * goes to `onBroken`.
 */
export function guardClient(client: object, onBroken: (cause: unknown) => void): void {
  const controller: unknown = Reflect.get(client, 'controller')
  const socket: unknown = isObject(controller) ? Reflect.get(controller, 'socket') : undefined
  wrap(controller, 'onMessage', (call, args) => {
    const [tokens] = args
    if (Array.isArray(tokens)) blankBadJson(tokens)
    return call()
  })
  const fits = frameCheck()
  wrap(socket, 'onData', (call, [data]) => {
    // Whatever answers there is not TWS; the client would go round in circles over a negative length.
    if (data instanceof Uint8Array && !fits(data)) return onBroken(new RangeError('not the length of a message'))
    return call()
  })
  wrap(socket, 'onMessage', call => {
    try {
      return call()
    } catch (error) {
      onBroken(error)
      return undefined
    }
  })
}

const LONGEST_MESSAGE = 0xffffff
const HEADER = 4

/** Follows the lengths of the messages through pieces of any size; false for one no message has. */
function frameCheck(): (data: Uint8Array) => boolean {
  let header: number[] = []
  let rest = 0
  return data => {
    for (let at = 0; at < data.length;) {
      if (rest > 0) {
        const step = Math.min(rest, data.length - at)
        rest -= step
        at += step
        continue
      }
      header.push(data[at] ?? 0)
      at += 1
      if (header.length < HEADER) continue
      rest = header.reduce((length, byte) => length * 256 + byte, 0)
      header = []
      if (rest === 0 || rest > LONGEST_MESSAGE) return false
    }
    return true
  }
}

const ERROR_MESSAGE = '4'
const REJECT_DETAILS = 5

function blankBadJson(tokens: unknown[]): void {
  const details: unknown = tokens[REJECT_DETAILS]
  if (tokens[0] !== ERROR_MESSAGE || typeof details !== 'string' || details === '') return
  try {
    JSON.parse(details)
  } catch {
    tokens[REJECT_DETAILS] = ''
  }
}

function wrap(target: unknown, name: string, around: (call: Call, args: readonly unknown[]) => unknown): void {
  if (!isObject(target)) return
  const original: unknown = Reflect.get(target, name)
  if (typeof original !== 'function') return
  Reflect.set(target, name, (...args: unknown[]) => around((): unknown => Reflect.apply(original, target, args), args))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

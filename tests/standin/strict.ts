import { EventEmitter } from 'node:events'

/** Names that Node and test tools look up on any object to find out what it is. */
const QUIET: ReadonlySet<PropertyKey> = new Set(['then', 'toJSON', '$$typeof', 'nodeType', 'asymmetricMatch', 'domain', 'inspect'])

/** Says that the stand-in lacks something, so that no test passes by accident. */
export function unsupported(what: string): never {
  throw new Error(`[standin] ${what} is not supported`)
}

/** The end of a prototype chain: whatever is looked up here is missing. It is no proxy around the object, so private fields keep working. */
function wall(nameOf: (object: object) => string, base: object): object {
  return new Proxy(base, {
    get: (target, key, receiver: object): unknown =>
      typeof key === 'symbol' || key in target || QUIET.has(key)
        ? Reflect.get(target, key, receiver)
        : unsupported(`${nameOf(receiver)}.${key}`),
  })
}

/** Makes reading a member that a plain object lacks throw, instead of giving undefined. */
export function strict<T extends object>(name: string, members: T): T {
  Object.setPrototypeOf(
    members,
    wall(() => name, Object.prototype),
  )
  return members
}

const NAMES = new WeakMap<object, string>()

/** An object with events. Reading a member it lacks throws, and so does listening to an event that the stand-in never sends. */
export class Guarded extends EventEmitter {
  constructor(name: string, events: readonly string[] | null) {
    super()
    NAMES.set(this, name)
    if (events === null) return
    const known = new Set<string | symbol>([...events, 'newListener', 'removeListener', 'error'])
    this.on('newListener', (event: string | symbol) => known.has(event) || unsupported(`${name}.on('${String(event)}')`))
  }
}
Object.setPrototypeOf(
  Guarded.prototype,
  wall(object => NAMES.get(object) ?? object.constructor.name, EventEmitter.prototype),
)

/** Sends an event that a listener may refuse. Answers whether it goes on. */
export function ask(emitter: EventEmitter, event: string, details: object = {}, ...args: readonly unknown[]): boolean {
  let refused = false
  const sent = {
    ...details,
    preventDefault: () => {
      refused = true
    },
    get defaultPrevented() {
      return refused
    },
  }
  emitter.emit(event, sent, ...args)
  return !refused
}

/** What Electron gives a listener that can refuse nothing. */
export const plainEvent = (details: object = {}): object => ({ preventDefault: () => undefined, defaultPrevented: false, ...details })

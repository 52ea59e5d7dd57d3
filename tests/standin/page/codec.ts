/** A value as JSON: plain JSON, or a tag with what it stands for. */
export type Coded = null | string | number | boolean | readonly Coded[] | { readonly $: string; readonly v?: unknown }

/** How functions and promises cross; where left out they cannot, as over Electron's IPC. */
export interface Crossing {
  readonly giveFunction?: (call: (...args: unknown[]) => unknown) => number
  readonly givePromise?: (promise: Promise<unknown>) => number
  readonly takeFunction?: (id: number) => (...args: unknown[]) => unknown
  readonly takePromise?: (id: number) => Promise<unknown>
}

export interface Codec {
  encode(value: unknown, crossing?: Crossing): Coded
  decode(value: Coded, crossing?: Crossing): unknown
}

/**
 * Structured clone over JSON text. It runs in Node and, as text, in pages, so it refers to nothing outside itself.
 * Cyclic values are refused, which Electron would clone.
 */
export function makeCodec(): Codec {
  const refuse = (): never => {
    throw new Error('An object could not be cloned.')
  }
  const toText = (bytes: Uint8Array): string => btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''))
  const toBytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), char => char.charCodeAt(0))
  const isPlain = (value: object): boolean =>
    [null, Object.prototype].includes(Object.getPrototypeOf(value) as null) || Object.prototype.toString.call(value) === '[object Object]'

  function encodeSpecial(value: object, crossing: Crossing, path: ReadonlySet<unknown>): Coded {
    const inner = (part: unknown): Coded => encodeAt(part, crossing, path)
    if (value instanceof Promise) return crossing.givePromise ? { $: 'promise', v: crossing.givePromise(value) } : refuse()
    if (value instanceof Date) return { $: 'date', v: value.getTime() }
    if (value instanceof RegExp) return { $: 'regexp', v: [value.source, value.flags] }
    if (value instanceof Map) return { $: 'map', v: [...value].map(([key, of]) => [inner(key), inner(of)]) }
    if (value instanceof Set) return { $: 'set', v: [...value].map(inner) }
    if (value instanceof Error) return { $: 'error', v: [value.name, value.message, value.stack ?? ''] }
    if (value instanceof ArrayBuffer) return { $: 'buffer', v: toText(new Uint8Array(value)) }
    if (ArrayBuffer.isView(value)) return { $: 'bytes', v: toText(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) }
    if (!isPlain(value)) return refuse()
    return { $: 'object', v: Object.entries(value).map(([key, part]) => [key, inner(part)]) }
  }
  function encodeAt(value: unknown, crossing: Crossing, path: ReadonlySet<unknown>): Coded {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
    if (typeof value === 'number')
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { $: 'number', v: Object.is(value, -0) ? '-0' : String(value) }
    if (value === undefined) return { $: 'undefined' }
    if (typeof value === 'bigint') return { $: 'bigint', v: String(value) }
    if (typeof value === 'function')
      return crossing.giveFunction ? { $: 'function', v: crossing.giveFunction(value as () => unknown) } : refuse()
    if (typeof value !== 'object') return refuse()
    if (path.has(value)) throw new Error('[standin] cyclic values are not supported')
    const below = new Set(path).add(value)
    return Array.isArray(value) ? value.map(part => encodeAt(part, crossing, below)) : encodeSpecial(value, crossing, below)
  }

  const readers: Record<string, (v: never, inner: (part: Coded) => unknown, crossing: Crossing) => unknown> = {
    number: (v: string) => Number(v),
    undefined: () => undefined,
    bigint: (v: string) => BigInt(v),
    date: (v: number) => new Date(v),
    regexp: (v: [string, string]) => new RegExp(v[0], v[1]),
    map: (v: [Coded, Coded][], inner) => new Map(v.map(([key, of]) => [inner(key), inner(of)])),
    set: (v: Coded[], inner) => new Set(v.map(inner)),
    error: (v: [string, string]) => Object.assign(new Error(v[1]), { name: v[0] }),
    buffer: (v: string) => toBytes(v).buffer,
    bytes: (v: string) => toBytes(v),
    function: (v: number, _inner, { takeFunction }) => (takeFunction ? takeFunction(v) : refuse()),
    promise: (v: number, _inner, { takePromise }) => (takePromise ? takePromise(v) : refuse()),
    object: (v: [string, Coded][], inner) => {
      const made = {}
      // As a property of its own even when it is called __proto__.
      for (const [key, part] of v)
        Object.defineProperty(made, key, { value: inner(part), enumerable: true, configurable: true, writable: true })
      return made
    },
  }
  function decode(value: Coded, crossing: Crossing = {}): unknown {
    if (value === null || typeof value !== 'object') return value
    if (Array.isArray(value)) return value.map(part => decode(part as Coded, crossing))
    const { $, v } = value as { $: string; v?: unknown }
    const read = readers[$]
    if (!read) throw new Error(`[standin] unknown tag ${$}`)
    return read(v as never, part => decode(part, crossing), crossing)
  }
  return { encode: (value, crossing = {}) => encodeAt(value, crossing, new Set()), decode }
}

/** What `keelson serve` was asked for. */
export interface ServeFlags {
  /** 0 takes any free port; null takes the usual one, or a free one when it is taken. */
  readonly port: number | null
  readonly open: boolean
  readonly json: boolean
  readonly verbose: boolean
  readonly dataDir: string | undefined
  readonly askPassphrase: AskPassphrase
}

/** When to ask for a passphrase on the terminal: whenever one is of use, only to open an existing vault, or not at all. */
export const ASK_PASSPHRASE = ['always', 'existing', 'never'] as const
export type AskPassphrase = (typeof ASK_PASSPHRASE)[number]

const DEFAULTS: ServeFlags = { port: null, open: true, json: false, verbose: false, dataDir: undefined, askPassphrase: 'always' }

/**
 * Reads `serve [--port N] [--no-open] ...` without the command line library, which would cost more than starting to serve.
 * Null for anything out of the ordinary: the library then explains it.
 */
export function readServeFlags(args: readonly string[]): ServeFlags | null {
  const [command, ...rest] = args
  if (command !== 'serve') return null
  let flags = DEFAULTS
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] ?? ''
    const switched = readSwitch(word)
    if (switched) {
      flags = { ...flags, ...switched }
      continue
    }
    const [name, inline] = splitOnce(word)
    const value = inline ?? rest[(at += 1)]
    const valued = value === undefined ? null : readValue(name, value)
    if (!valued) return null
    flags = { ...flags, ...valued }
  }
  return flags
}

/** A port one may ask for: 0, or one that needs no privilege. Null otherwise. */
export function readPort(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1
  return port === 0 || (port >= 1024 && port <= 65_535) ? port : null
}

export function isAskPassphrase(text: string): text is AskPassphrase {
  return ASK_PASSPHRASE.some(word => word === text)
}

function readSwitch(word: string): Partial<ServeFlags> | null {
  if (word === '--no-open') return { open: false }
  if (word === '--json') return { json: true }
  return word === '--verbose' ? { verbose: true } : null
}

function readValue(name: string, value: string): Partial<ServeFlags> | null {
  const port = name === '--port' ? readPort(value) : null
  if (port !== null) return { port }
  if (name === '--data-dir' && value !== '' && !value.startsWith('-')) return { dataDir: value }
  return name === '--ask-passphrase' && isAskPassphrase(value) ? { askPassphrase: value } : null
}

function splitOnce(word: string): readonly [string, string | undefined] {
  const at = word.indexOf('=')
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}

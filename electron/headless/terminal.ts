/** What a command may do with the terminal it was started in. */
export interface Terminal {
  /** The result, on standard output. */
  out(line: string): void
  /** Everything else, on standard error. */
  err(line: string): void
  /** True when a person can be asked. */
  readonly interactive: boolean
  /** One line of standard input, without its end; null when there is none. */
  readLine(signal: AbortSignal): Promise<string | null>
  /** Asks for a secret without showing it. Rejects when nobody can be asked. */
  readHidden(question: string): Promise<string>
  /** Asks a question and reads the answer. */
  ask(question: string): Promise<string>
  readonly env: Readonly<Record<string, string | undefined>>
  /** Columns of the terminal that reads standard output; null when a program or a file does. */
  readonly width: number | null
  /** The zone of whoever reads (IANA name): `TZ`, else the system's. */
  readonly zone: string
}

/** The process's own terminal. Questions go to standard error, so that standard output stays a clean document. */
export function createTerminal(): Terminal {
  // Each stream is made when it is first named, which takes time: a terminal that is only written to must not pay for reading.
  const isInteractive = (): boolean => process.stdin.isTTY && process.stderr.isTTY
  return {
    out: line => write('stdout', line),
    err: line => write('stderr', line),
    get interactive() {
      return isInteractive()
    },
    env: process.env,
    get width() {
      return process.stdout.isTTY ? process.stdout.columns : null
    },
    get zone() {
      return Intl.DateTimeFormat().resolvedOptions().timeZone
    },
    readLine: signal => readLine(signal, null),
    readHidden: question => readHidden(question, isInteractive()),
    ask: async question => (await readLine(new AbortController().signal, question)) ?? '',
  }
}

const written = new Set<string>()

/** A reader that goes away (`| head`) is no failure of the command: it goes on to its own end, unheard. */
function write(name: 'stdout' | 'stderr', line: string): void {
  const stream = process[name]
  if (!written.has(name)) {
    written.add(name)
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
  stream.write(`${line}\n`)
}

/** Lines that came in one piece with the one that was asked for. */
const waiting: string[] = []

async function readLine(signal: AbortSignal, question: string | null): Promise<string | null> {
  const { createInterface } = await import('node:readline')
  if (question !== null) process.stderr.write(question)
  const known = waiting.shift()
  if (known !== undefined) return known
  if (process.stdin.readableEnded) return null
  return new Promise(resolve => {
    const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false })
    let isOver = false
    const finish = (line: string | null): void => {
      isOver = true
      signal.removeEventListener('abort', stop)
      resolve(line)
      lines.close()
    }
    const stop = (): void => finish(null)
    signal.addEventListener('abort', stop)
    lines.on('line', line => (isOver ? void waiting.push(line) : finish(line)))
    lines.once('close', stop)
  })
}

const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const ERASE = new Set(['\u007f', '\b'])

function readHidden(question: string, interactive: boolean): Promise<string> {
  if (!interactive) return Promise.reject(new Error('no terminal to ask on'))
  const { stdin, stderr } = process
  stderr.write(question)
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  return new Promise((resolve, reject) => {
    let text = ''
    const finish = (end: () => void): void => {
      stdin.off('data', onData)
      stdin.setRawMode(false)
      stdin.pause()
      stderr.write('\n')
      end()
    }
    const onData = (data: string): void => {
      for (const key of data) {
        if (key === CTRL_C) return finish(() => reject(new Error('stopped')))
        if (key === '\r' || key === '\n' || key === CTRL_D) return finish(() => resolve(text))
        text = ERASE.has(key) ? text.slice(0, -1) : text + key
      }
    }
    stdin.on('data', onData)
    stdin.resume()
  })
}

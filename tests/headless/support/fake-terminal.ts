import type { Terminal } from '../../../electron/headless/terminal.ts'

export interface FakeTerminal extends Terminal {
  readonly output: string[]
  readonly errors: string[]
}

export interface FakeTerminalOptions {
  readonly interactive?: boolean
  readonly env?: Readonly<Record<string, string>>
  /** What standard input has to say, line by line. */
  readonly lines?: readonly string[]
  /** The answers to hidden questions, in order. */
  readonly hidden?: readonly string[]
  readonly width?: number | null
  readonly zone?: string
}

/** A terminal that remembers what was printed and says what it was told to. */
export function fakeTerminal({ interactive = false, env = {}, lines = [], hidden = [], width = null, zone = 'America/New_York' }: FakeTerminalOptions = {}): FakeTerminal {
  const output: string[] = []
  const errors: string[] = []
  const left = [...lines]
  const secrets = [...hidden]
  return {
    output,
    errors,
    interactive,
    env,
    width,
    zone,
    out: line => void output.push(line),
    err: line => void errors.push(line),
    readLine: () => Promise.resolve(left.shift() ?? null),
    readHidden: () => Promise.resolve(secrets.shift() ?? ''),
    ask: () => Promise.resolve(left.shift() ?? ''),
  }
}

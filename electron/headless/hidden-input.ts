import type { Terminal } from './terminal.ts'

export interface HiddenQuestion {
  readonly question: string
  /** The variable that may hold the answer. */
  readonly variable: string
  readonly signal: AbortSignal
}

/** Something secret: from its variable, from a person who types it unseen, else the next line of standard input. Null when there is none. */
export async function readSecret(terminal: Terminal, { question, variable, signal }: HiddenQuestion): Promise<string | null> {
  const given = terminal.env[variable]
  if (given) return given
  return terminal.interactive ? terminal.readHidden(question) : terminal.readLine(signal)
}

/** A new secret, typed twice by a person. Null when there is none or it is shorter than it has to be, which is said. */
export async function readNewSecret(terminal: Terminal, asked: HiddenQuestion, minLength: number): Promise<string | null> {
  for (;;) {
    const first = await readSecret(terminal, asked)
    if (first === null || first.length < minLength) {
      terminal.err(`A passphrase has at least ${minLength} characters. Nothing was changed.`)
      return null
    }
    if (!terminal.interactive || terminal.env[asked.variable]) return first
    if (first === (await terminal.readHidden('The same again: '))) return first
    terminal.err('The two differ.')
  }
}

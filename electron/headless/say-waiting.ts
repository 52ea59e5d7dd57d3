import type { Terminal } from './terminal.ts'

/** How long a command waits without a word, and how long between the words after that. */
const FIRST_MS = 4000
const AGAIN_MS = 15_000

/** Waits for work and says on standard error what is waited for, once it takes long and again every so often. */
export async function sayWaiting<T>(terminal: Pick<Terminal, 'err'>, what: () => string, work: Promise<T>): Promise<T> {
  const began = performance.now()
  let timer: NodeJS.Timeout
  const say = (): void => {
    const seconds = Math.round((performance.now() - began) / 1000)
    terminal.err(`${what()} ${seconds} s so far; Ctrl+C stops it.`)
    timer = setTimeout(say, AGAIN_MS)
  }
  timer = setTimeout(say, FIRST_MS)
  try {
    return await work
  } finally {
    clearTimeout(timer)
  }
}

#!/usr/bin/env node
import { layoutAround } from '../node/layout.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { readServeFlags } from './serve-flags.ts'
import { serve } from './serve.ts'
import { createTerminal } from './terminal.ts'

const NODE_NEEDED = 24

/** The `keelson` command. Nothing here needs a new Node to be read, so that an old one gets a sentence and not a crash. */
async function main(args: readonly string[]): Promise<ExitCode> {
  const terminal = createTerminal()
  if (Number.parseInt(process.versions.node, 10) < NODE_NEEDED) {
    terminal.err(
      `Keelson needs Node ${NODE_NEEDED}; this is Node ${process.versions.node}. Install it from https://nodejs.org and try again.`,
    )
    return EXIT.failed
  }
  const layout = layoutAround(import.meta.filename)
  const flags = readServeFlags(args)
  if (flags) return serve(flags, layout, terminal)
  const { runCommandLine } = await import('./command-line.ts')
  return runCommandLine(args, { serve, layout, terminal, signal: untilInterrupted() })
}

/** Aborts with the first Ctrl+C or termination; the second one ends the process at once. */
function untilInterrupted(): AbortSignal {
  const stop = new AbortController()
  const interrupt = (): void => (stop.signal.aborted ? process.exit(EXIT.stopped) : stop.abort())
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt)
  return stop.signal
}

// The core's own timers never keep a process alive; a command that waits (for a broker, for a save) must. And should it ever end
// without an answer, that is no success.
const awake = setInterval(() => undefined, 2 ** 30)
process.exitCode = EXIT.failed

void main(process.argv.slice(2)).then(code => {
  clearInterval(awake)
  // What is written last must still reach a pipe before the process ends.
  process.exitCode = code
  process.stdout.write('', () => process.exit(code))
})

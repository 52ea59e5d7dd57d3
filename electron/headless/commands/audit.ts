import { EXIT, type ExitCode } from '../exit-codes.ts'
import type { CommandContext } from './context.ts'

/** `keelson audit verify`: reckons the log of orders anew, row by row. Ends with 1 when it is not sound. */
export async function auditVerify({ client, terminal, json, signal }: CommandContext): Promise<ExitCode> {
  return shown({ terminal, json }, await client.request('audit.verify', {}, signal))
}

/** `keelson audit accept`: takes a log that is not sound as it is, so that orders go again. What is there stays, and what was wrong is written down. */
export async function auditAccept(
  { client, terminal, json, signal }: CommandContext,
  { yes }: { readonly yes: boolean },
): Promise<ExitCode> {
  const verdict = await client.request('audit.verify', {}, signal)
  const { problem } = verdict
  if (problem === null) return shown({ terminal, json }, verdict)
  if (!yes) {
    terminal.err(problem.sentence)
    if (!terminal.interactive) {
      terminal.err('Add --yes to take the log as it is.')
      return EXIT.usage
    }
    if (!/^y(?:es)?$/i.test((await terminal.ask('Take the log as it is? It stays in it for good. [y/N] ')).trim())) return EXIT.stopped
  }
  return shown({ terminal, json }, await client.request('audit.accept', { shown: problem.sentence }, signal))
}

interface Verdict {
  readonly isSound: boolean
  readonly rows: number
  readonly ms: number
  readonly problem: { readonly row: number | null; readonly sentence: string } | null
  readonly head: string | null
}

function shown({ terminal, json }: Pick<CommandContext, 'terminal' | 'json'>, verdict: Verdict): ExitCode {
  const { isSound, rows, ms, problem, head } = verdict
  if (json) terminal.out(JSON.stringify({ audit: verdict }))
  else if (isSound)
    terminal.out(
      `The log of orders is sound: ${rows} rows, looked at in ${Math.round(ms)} ms${head === null ? '' : `, ending with ${head.slice(0, 16)}`}.`,
    )
  else
    terminal.err(
      `The log of orders is not sound. ${problem?.sentence ?? ''} No order is sent until you take it as it is: keelson audit accept`,
    )
  return isSound ? EXIT.ok : EXIT.failed
}

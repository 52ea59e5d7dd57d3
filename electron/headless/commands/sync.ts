import type { ConnectionView, SyncResult } from '../../../shared/contract/schemas.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes.ts'
import { describeFailure, sentenceOf } from '../failure.ts'
import { sayWaiting } from '../say-waiting.ts'
import { type CommandContext, findConnection } from './context.ts'

type Outcome = Pick<SyncResult, 'result' | 'error' | 'accounts' | 'connectionId'>

/** `keelson sync [connection]`: one connection, or all of them side by side. Fails only when nothing came back. */
export async function sync(context: CommandContext, name: string | undefined): Promise<ExitCode> {
  const { client, terminal, json, signal } = context
  const chosen =
    name === undefined
      ? (await client.request('connections.list', {}, signal)).filter(({ method }) => method !== 'file')
      : [await findConnection(context, name)]
  const left = new Set(chosen)
  const work = chosen.map(connection => syncOne(context, connection).finally(() => left.delete(connection)))
  const outcomes = await sayWaiting(terminal, () => `Waiting for ${[...left].map(nameOf).join(', ')}.`, Promise.all(work))
  const result = overall(outcomes)
  if (json) terminal.out(JSON.stringify({ result, accounts: outcomes.flatMap(({ accounts }) => accounts), connections: outcomes }))
  else if (outcomes.length === 0) terminal.err('No broker is connected yet: keelson connect <broker>')
  else outcomes.forEach((outcome, at) => describe(context, chosen[at], outcome))
  return result === 'failed' || result === 'canceled' ? failedCode(outcomes) : EXIT.ok
}

async function syncOne({ client, signal }: CommandContext, { id }: ConnectionView): Promise<Outcome> {
  try {
    return await client.request('sync.run', { connectionId: id }, signal)
  } catch (cause) {
    const error = describeFailure(cause)
    return { result: error.code === 'app/canceled' ? 'canceled' : 'failed', connectionId: id, error, accounts: [] }
  }
}

/** One word over several connections: success or failed when they agree, else partial. */
function overall(outcomes: readonly Outcome[]): SyncResult['result'] {
  const [first, ...rest] = new Set(outcomes.map(({ result }) => result))
  return first === undefined ? 'success' : rest.length === 0 ? first : 'partial'
}

function failedCode(outcomes: readonly Outcome[]): ExitCode {
  const code = outcomes.find(({ error }) => error !== null)?.error?.code
  const exit = code === undefined ? EXIT.failed : exitCodeOf(code)
  return exit === EXIT.ok ? EXIT.failed : exit
}

function describe({ terminal }: CommandContext, connection: ConnectionView | undefined, { result, error, accounts }: Outcome): void {
  const sum = (field: 'fetched' | 'new' | 'updated'): number => accounts.reduce((total, account) => total + account[field], 0)
  const name = connection ? nameOf(connection) : 'connection'
  terminal.out(`${name}: ${result}, ${sum('fetched')} read, ${sum('new')} new, ${sum('updated')} updated`)
  if (error) terminal.err(sentenceOf(error))
  for (const account of accounts) if (account.because !== undefined) terminal.err(`${account.id}: ${account.because}`)
}

function nameOf({ label, broker, environment }: ConnectionView): string {
  return label === '' ? `${broker} ${environment}` : label
}

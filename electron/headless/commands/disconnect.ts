import { EXIT, type ExitCode } from '../exit-codes.ts'
import { type CommandContext, findConnection } from './context.ts'

const REVOKED = {
  yes: 'The broker ended the access as well.',
  no: 'The broker could not be told; end the access on its site too, under connected apps.',
  'not-offered': 'This broker offers no way to tell it; end the access on its site too, under connected apps.',
} as const

/** `keelson disconnect <connection>`: wipes the tokens and keeps the history. */
export async function disconnect(context: CommandContext, name: string): Promise<ExitCode> {
  const { client, terminal, json, signal } = context
  const { id, broker, environment } = await findConnection(context, name)
  const { revoked } = await client.request('connections.disconnect', { connectionId: id }, signal)
  if (json) terminal.out(JSON.stringify({ connectionId: id, revoked }))
  else terminal.out(`Disconnected ${broker} ${environment}. The tokens are gone, the history stays. ${REVOKED[revoked]}`)
  return EXIT.ok
}

import { EXIT, type ExitCode } from '../exit-codes.ts'
import { type CommandContext, findConnection } from './context.ts'

const REVOKED = {
  yes: 'The broker ended the access as well.',
  pending: 'The broker could not be told yet; Keelson tells it again for a week while it runs. To be sure, end the access on its site too.',
  no: 'The broker could not be told; end the access on its site too, under connected apps.',
  'not-offered': 'This broker offers no way to tell it; end the access on its site too, under connected apps.',
} as const

/** `keelson disconnect <connection> [--forget-history]`: wipes the tokens, and keeps the history unless told otherwise. */
export async function disconnect(context: CommandContext, name: string, { forgetHistory = false }: { readonly forgetHistory?: boolean } = {}): Promise<ExitCode> {
  const { client, terminal, json, signal } = context
  const { id, broker, environment } = await findConnection(context, name)
  const { revoked } = await client.request('connections.disconnect', { connectionId: id, ...(forgetHistory ? { forgetHistory } : {}) }, signal)
  if (json) terminal.out(JSON.stringify({ connectionId: id, revoked }))
  else terminal.out(`Disconnected ${broker} ${environment}. The tokens are gone, the history ${forgetHistory ? 'as well' : 'stays'}. ${REVOKED[revoked]}`)
  return EXIT.ok
}

import { LONGEST_LABEL } from '../../../shared/contract/connections.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { Method } from '../../../shared/domain/broker.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { type CommandContext, findAccount, findConnection } from './context.ts'

/** `keelson connections rename <connection> [label]`; without a label the name is taken away. */
export async function rename(context: CommandContext, name: string, label: string): Promise<ExitCode> {
  if (label.trim().length > LONGEST_LABEL) throw new AppError('app/name-too-long', { details: { most: LONGEST_LABEL } })
  const { id } = await findConnection(context, name)
  await context.client.request('connections.rename', { connectionId: id, label }, context.signal)
  return say(context, { connectionId: id, label }, label === '' ? 'The name is taken away.' : `It is called ${label.trim()} from now on.`)
}

/** `keelson connections primary <connection>` */
export async function primary(context: CommandContext, name: string): Promise<ExitCode> {
  const { id } = await findConnection(context, name)
  await context.client.request('connections.setPrimary', { connectionId: id }, context.signal)
  return say(context, { connectionId: id }, 'It comes first from now on.')
}

/** `keelson connections remove-method <connection> <method>` */
export async function removeMethod(context: CommandContext, name: string, method: Method): Promise<ExitCode> {
  const { id } = await findConnection(context, name)
  await context.client.request('connections.removeMethod', { connectionId: id, method }, context.signal)
  return say(context, { connectionId: id, method }, 'This way in is off the connection, and its secrets are wiped.')
}

/** `keelson accounts exclude|include <account>` */
export async function exclude(context: CommandContext, name: string, excluded: boolean): Promise<ExitCode> {
  const { id } = await findAccount(context, name)
  await context.client.request('accounts.exclude', { accountId: id, excluded }, context.signal)
  return say(
    context,
    { accountId: id, excluded },
    excluded ? 'The account is left out of syncing and totals. Its history stays.' : 'The account counts again.',
  )
}

function say({ terminal, json }: CommandContext, document: object, sentence: string): ExitCode {
  terminal.out(json ? JSON.stringify(document) : sentence)
  return EXIT.ok
}

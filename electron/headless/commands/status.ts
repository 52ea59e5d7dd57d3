import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { momentWords } from '../moment.ts'
import { printTable } from '../table.ts'
import type { CommandContext } from './context.ts'

type Reader = Pick<CommandContext['terminal'], 'zone'>

/** `keelson status`: the version, the vault, every connection, and what is still to be ended at a broker. */
export async function status({ client, terminal, json, signal }: CommandContext): Promise<ExitCode> {
  const [app, connections, revocations] = await Promise.all([
    client.request('app.status', {}, signal),
    client.request('connections.list', {}, signal),
    client.request('revocations.list', {}, signal),
  ])
  const { version, host, vault, now } = app
  if (json) {
    terminal.out(JSON.stringify({ version, host, now, vault, connections: connections.map(summary), revocations }))
    return EXIT.ok
  }
  terminal.out(`Keelson ${version} (${host}), vault ${vault.state}, guarded by ${vault.protection}`)
  if (vault.notice !== null) terminal.out(vault.notice)
  if (connections.length === 0) terminal.out('No broker is connected yet: keelson connect <broker>')
  else printTable(terminal, [HEADING, ...connections.map(one => line(one, terminal))], [4])
  for (const { broker, environment, nextAt } of revocations)
    terminal.out(
      `Disconnected, still to be ended at the broker: ${broker} ${environment}${nextAt === null ? '' : `, tried again ${momentWords(nextAt, terminal)}`}`,
    )
  return EXIT.ok
}

const HEADING = ['connection', 'broker', 'access', 'next', 'accounts', 'last sync']

function summary(connection: ConnectionView) {
  const {
    id,
    broker,
    environment,
    method,
    label,
    primary,
    methods,
    state,
    token,
    health,
    accounts,
    lastSync,
    trouble,
    syncing,
    nextSyncAt,
  } = connection
  return {
    id,
    broker,
    environment,
    method,
    label,
    primary,
    methods,
    state: state.kind,
    because: state.kind === 'needs-sign-in' ? state.because : null,
    token: { expiresAt: token.expiresAt, signInBy: token.signInBy, badge: token.badge },
    health,
    accounts,
    lastSync,
    trouble,
    syncing,
    nextSyncAt,
  }
}

function line({ id, broker, environment, label, methods, health, accounts, lastSync }: ConnectionView, reader: Reader): string[] {
  const last = lastSync ? `${lastSync.result} ${momentWords(lastSync.finishedAt, reader)}` : 'never'
  const name = label === '' ? `${broker} ${environment}` : `${label} (${broker} ${environment})`
  const troubled = methods.filter(({ trouble }) => trouble !== null).map(({ method }) => method)
  const standing = troubled.length === 0 ? health.kind : `${health.kind} (trouble: ${troubled.join(', ')})`
  return [id, name, standing, next(health, reader), String(accounts.length), last]
}

/** What happens next to the access: the next try, the next sign-in, the next renewal, or why it ended. */
function next({ because, retryAt, deadline, dueAt }: ConnectionView['health'], reader: Reader): string {
  if (because !== null) return because
  if (retryAt !== null) return `tried again ${momentWords(retryAt, reader)}`
  if (deadline !== null) return `sign in by ${momentWords(deadline, reader)}`
  return dueAt === null ? '-' : `renewed ${momentWords(dueAt, reader)}`
}

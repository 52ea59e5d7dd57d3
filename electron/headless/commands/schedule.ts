import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import type { QuietHours, SyncInterval, SyncSchedule } from '../../../shared/domain/sync-schedule.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { momentWords } from '../moment.ts'
import { printTable } from '../table.ts'
import { type CommandContext, findConnection } from './context.ts'

const HEADING = ['connection', 'broker', 'syncs', 'next sync']

/** `keelson schedule`: when each connection syncs by itself, and when none does. */
export async function showSchedule({ client, terminal, json, signal }: CommandContext): Promise<ExitCode> {
  const [all, connections] = await Promise.all([
    client.request('sync.schedule', {}, signal),
    client.request('connections.list', {}, signal),
  ])
  const synced = connections.filter(({ method }) => method !== 'file')
  if (json) {
    terminal.out(
      JSON.stringify({
        ...all,
        connections: synced.map(({ id, broker, environment, schedule, nextSyncAt }) => ({
          id,
          broker,
          environment,
          ...schedule,
          nextAt: nextSyncAt,
        })),
      }),
    )
    return EXIT.ok
  }
  if (synced.length === 0) terminal.out('No broker is connected yet: keelson connect <broker>')
  else printTable(terminal, [HEADING, ...synced.map(one => line(one, terminal))])
  terminal.out(quietSentence(all.quiet))
  if (all.paused) terminal.out('Background syncing is paused.')
  return EXIT.ok
}

export interface ScheduleChoice {
  readonly every: SyncInterval
  /** As it was when left out. */
  readonly marketHours: boolean | undefined
}

/** `keelson schedule set <connection> <every>` */
export async function setSchedule(
  context: CommandContext,
  name: string,
  { every, marketHours: chosen }: ScheduleChoice,
): Promise<ExitCode> {
  const { client, terminal, json, signal } = context
  const { id, schedule } = await findConnection(context, name)
  const marketHours = chosen ?? schedule.marketHours
  const { nextAt } = await client.request('schedule.set', { connectionId: id, every, marketHours }, signal)
  terminal.out(json ? JSON.stringify({ connectionId: id, every, marketHours, nextAt }) : `It syncs ${inWords({ every, marketHours })}.`)
  if (json || every === 'manual') return EXIT.ok
  terminal.out(
    nextAt === null
      ? 'Nothing is planned now: Keelson is not running, it is paused, or a sign-in is needed.'
      : `Next sync: ${momentWords(nextAt, terminal)}`,
  )
  return EXIT.ok
}

/** `keelson schedule quiet <from-to|off>` */
export async function setQuiet({ client, terminal, json, signal }: CommandContext, wanted: QuietHours | null): Promise<ExitCode> {
  const { quiet } = await client.request('schedule.quiet', { quiet: wanted }, signal)
  terminal.out(json ? JSON.stringify({ quiet }) : quietSentence(quiet))
  return EXIT.ok
}

function line({ id, broker, environment, label, schedule, nextSyncAt }: ConnectionView, reader: CommandContext['terminal']): string[] {
  const name = label === '' ? `${broker} ${environment}` : `${label} (${broker} ${environment})`
  return [id, name, inWords(schedule), nextSyncAt === null ? '-' : momentWords(nextSyncAt, reader)]
}

function inWords({ every, marketHours }: SyncSchedule): string {
  if (every === 'manual') return 'only when asked'
  if (every === 'daily') return marketHours ? 'after the close of each trading day' : 'once a day'
  const often = every === '15m' ? 'every 15 minutes' : 'every hour'
  return marketHours ? `${often} in market hours, and once after the close` : often
}

function quietSentence(quiet: QuietHours | null): string {
  return quiet === null ? 'There are no quiet hours.' : `Nothing syncs by itself from ${quiet.from} to ${quiet.to} (${quiet.zone}).`
}

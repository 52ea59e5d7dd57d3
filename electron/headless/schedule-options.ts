import { Argument, Command, Option } from 'commander'
import { isQuietHours, type QuietHours, SYNC_INTERVALS, type SyncInterval } from '../../shared/domain/sync-schedule.ts'
import type { CommandContext } from './commands/context.ts'
import type { ExitCode } from './exit-codes.ts'
import { valid } from './option-values.ts'

interface Shared {
  readonly json?: boolean
  readonly verbose?: boolean
  readonly dataDir?: string
}

type Actions = typeof import('./commands/schedule.ts')

export interface ScheduleCommandsDeps {
  readonly program: Command
  /** Adds a command with the options all have. */
  readonly command: (usage: string, description: string, under: Command) => Command
  /** Runs with a core and ends with the code it answers. */
  readonly run: (shared: Shared, use: (context: CommandContext) => Promise<ExitCode>) => Promise<void>
}

/** `keelson schedule` with what it takes; without a word behind it, it shows. */
export function addScheduleCommands({ program, command, run }: ScheduleCommandsDeps): void {
  const act = (shared: Shared, use: (context: CommandContext, actions: Actions) => Promise<ExitCode>): Promise<void> =>
    run(shared, async context => use(context, await import('./commands/schedule.ts')))
  const schedule = program.command('schedule').description('when connections sync by themselves, and when not')
  const show = command('show', 'show the schedules, the next syncs and the quiet hours', new Command())
    .copyInheritedSettings(schedule)
    .action((shared: Shared) => act(shared, (context, actions) => actions.showSchedule(context)))
  schedule.addCommand(show, { isDefault: true })
  command('set', 'choose how often a connection syncs', schedule)
    .argument('<connection>', 'its id, its own name, its broker, or broker/environment')
    .addArgument(new Argument('<every>').choices(SYNC_INTERVALS))
    .option('--market-hours', 'only while its market trades, and once after the close')
    .addOption(new Option('--always', 'at any hour of any day').conflicts('marketHours'))
    .action(
      (connection: string, every: SyncInterval, { marketHours, always, ...shared }: Shared & { marketHours?: boolean; always?: boolean }) =>
        act(shared, (context, actions) => actions.setSchedule(context, connection, { every, marketHours: always ? false : marketHours })),
    )
  command('quiet', 'hours of each day in which nothing syncs by itself', schedule)
    .argument('<hours>', 'such as 22:00-07:00, or off', valid(readHours, 'must be two times of day such as 22:00-07:00, or off'))
    .option('--zone <zone>', "their time zone (default: this machine's)", valid(readZone, 'must be a time zone such as America/New_York'))
    .action((hours: Hours | 'off', { zone = localZone(), ...shared }: Shared & { zone?: string }) =>
      act(shared, (context, actions) => actions.setQuiet(context, hours === 'off' ? null : { ...hours, zone })),
    )
}

type Hours = Omit<QuietHours, 'zone'>

function readHours(text: string): Hours | 'off' | null {
  const [from = '', to = '', more] = text.split('-')
  if (text === 'off') return 'off'
  return more === undefined && isQuietHours({ from, to, zone: 'UTC' }) ? { from, to } : null
}

function readZone(text: string): string | null {
  return isQuietHours({ from: '22:00', to: '07:00', zone: text }) ? text : null
}

function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

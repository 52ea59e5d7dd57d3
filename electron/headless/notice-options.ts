import { Command, Option } from 'commander'
import { MAIL_SECURITY } from '../../shared/contract/notices.ts'
import type { CommandContext } from './commands/context.ts'
import type { MailOptions } from './commands/notices.ts'
import type { ExitCode } from './exit-codes.ts'
import { readHours, readPortNumber, valid } from './option-values.ts'
import type { ScheduleCommandsDeps } from './schedule-options.ts'

type Shared = Parameters<ScheduleCommandsDeps['run']>[0]
type Actions = typeof import('./commands/notices.ts')

const MOST_SNOOZED = 24 * 30

/** `keelson notices` with what it takes; without a word behind it, it shows. */
export function addNoticeCommands({ program, command, run }: ScheduleCommandsDeps): void {
  const act = (shared: Shared, use: (context: CommandContext, actions: Actions) => Promise<ExitCode>): Promise<void> =>
    run(shared, async context => use(context, await import('./commands/notices.ts')))
  const notices = program.command('notices').description('what needs you, and where it is mailed')
  const list = command('list', 'show what stands, newest first', new Command())
    .copyInheritedSettings(notices)
    .option('--all', 'with what ended in the last 30 days')
    .action(({ all = false, ...shared }: Shared & { all?: boolean }) => act(shared, (context, actions) => actions.showNotices(context, { all })))
  notices.addCommand(list, { isDefault: true })
  command('snooze', 'keep a notice quiet for a while', notices)
    .argument('<notice>', 'its id')
    .option('--hours <number>', 'for how long', valid(text => inRange(readHours(text)), `must be from 1 to ${MOST_SNOOZED}`), 24)
    .action((id: string, { hours, ...shared }: Shared & { hours: number }) => act(shared, (context, actions) => actions.snoozeNotice(context, id, hours)))
  command('dismiss', 'take a notice off the list for as long as its reason stands', notices)
    .argument('<notice>', 'its id')
    .action((id: string, shared: Shared) => act(shared, (context, actions) => actions.dismissNotice(context, id)))
  command('mail', 'show or set where notices are mailed; the password is asked for, or read from KEELSON_SMTP_PASSWORD', notices)
    .option('--host <name>', 'the mail server')
    .option('--port <number>', 'its port', valid(readPortNumber, 'must be from 1 to 65535'))
    .addOption(new Option('--security <kind>', 'tls from the first byte, starttls, or none (this machine alone)').choices(MAIL_SECURITY))
    .option('--user <name>', 'the user to sign in as; empty for none')
    .option('--from <address>', 'the sender')
    .option('--to <address>', 'the recipient')
    .addOption(new Option('--least <severity>', 'milder notices are not mailed').choices(['notice', 'warning', 'danger']))
    .option('--off', 'mail nothing any more')
    .option('--test', 'send a message now')
    .action(({ json, verbose, dataDir, ...mail }: Shared & MailOptions) =>
      act({ ...(json && { json }), ...(verbose && { verbose }), ...(dataDir !== undefined && { dataDir }) }, (context, actions) => actions.noticeMail(context, mail)),
    )
}

function inRange(hours: number | null): number | null {
  return hours !== null && hours <= MOST_SNOOZED ? hours : null
}

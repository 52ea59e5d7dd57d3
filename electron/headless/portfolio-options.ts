import { type Command, Option } from 'commander'
import { type Environment, ENVIRONMENTS } from '../../shared/domain/broker.ts'
import type { CommandContext } from './commands/context.ts'
import type { ExitCode } from './exit-codes.ts'

interface Shared {
  readonly json?: boolean
  readonly verbose?: boolean
  readonly dataDir?: string
}

type Actions = typeof import('./commands/portfolio.ts')

export interface PortfolioCommandsDeps {
  /** Adds a command with the options all have. */
  readonly command: (usage: string, description: string, under?: Command) => Command
  /** Runs with a core and ends with the code it answers. */
  readonly run: (shared: Shared, use: (context: CommandContext) => Promise<ExitCode>) => Promise<void>
}

/** `keelson positions`, `keelson balances` and `keelson reconcile`. */
export function addPortfolioCommands({ command, run }: PortfolioCommandsDeps): void {
  const act = (shared: Shared, use: (context: CommandContext, actions: Actions) => Promise<ExitCode>): Promise<void> =>
    run(shared, async context => use(context, await import('./commands/portfolio.ts')))
  const environment = (): Option =>
    new Option('--environment <environment>', 'live, paper or sandbox; the most real there is without it').choices(ENVIRONMENTS)
  type Where = Shared & { environment?: Environment }
  command('positions', 'show what is held of each instrument over all brokers, and whether the history agrees')
    .addOption(environment())
    .action(({ environment, ...shared }: Where) => act(shared, (context, actions) => actions.positions(context, environment)))
  command('balances', 'show what each account is worth, its cash, and what it made')
    .addOption(environment())
    .action(({ environment, ...shared }: Where) => act(shared, (context, actions) => actions.balances(context, environment)))
  command('reconcile', 'show where the history and the brokers differ, and do something about it')
    .addOption(new Option('--fix <id>', 'do what is offered for a difference').conflicts(['accept', 'undo', 'fixes']))
    .addOption(new Option('--accept <id>', 'leave a difference as it is until it changes').conflicts(['fix', 'undo', 'fixes']))
    .addOption(new Option('--undo <id>', 'take a fix back').conflicts(['fix', 'accept', 'fixes']))
    .option('--fixes', 'show what was fixed')
    .action(({ fix, accept, undo, fixes, ...shared }: Shared & { fix?: string; accept?: string; undo?: string; fixes?: boolean }) =>
      act(shared, (context, actions) => actions.reconcile(context, { fix, accept, undo, fixes })),
    )
}

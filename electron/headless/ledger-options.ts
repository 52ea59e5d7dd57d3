import { type Command, Option } from 'commander'
import { BROKER_IDS, type BrokerId, type Environment, ENVIRONMENTS } from '../../shared/domain/broker.ts'
import type { LocalDate } from '../../shared/domain/time.ts'
import type { CommandContext } from './commands/context.ts'
import type { PnlBy, PnlExport } from './commands/pnl.ts'
import type { ExitCode } from './exit-codes.ts'
import { readDay, readSymbol, valid } from './option-values.ts'

interface Shared {
  readonly json?: boolean
  readonly verbose?: boolean
  readonly dataDir?: string
}

export interface LedgerCommandsDeps {
  /** Adds a command with the options all have. */
  readonly command: (usage: string, description: string, under?: Command) => Command
  /** Runs with a core and ends with the code it answers. */
  readonly run: (shared: Shared, use: (context: CommandContext) => Promise<ExitCode>) => Promise<void>
}

interface PnlOptions extends Shared {
  readonly by: PnlBy
  readonly environment?: Environment
  readonly broker?: BrokerId
  readonly connection?: string
  readonly account?: string
  readonly symbol?: string
  readonly assetClass?: string
  readonly tag?: string
  readonly from?: LocalDate
  readonly to?: LocalDate
  readonly export?: PnlExport
}

/** `keelson pnl` */
export function addLedgerCommands({ command, run }: LedgerCommandsDeps): void {
  command('pnl', 'show what closings made, exact to the last decimal, with dividends, interest and fees by day')
    .addOption(new Option('--by <what>', 'in total, or by what').choices(['total', 'day', 'symbol', 'tag']).default('total'))
    .addOption(new Option('--environment <environment>', 'live, paper or sandbox (default: live)').choices(ENVIRONMENTS))
    .addOption(new Option('--broker <broker>', 'of this broker alone').choices(BROKER_IDS))
    .option('--connection <connection>', 'its id, its broker, or broker/environment')
    .option('--account <account>', 'its id, or the end of its number')
    .option('--symbol <symbol>', 'exactly this symbol', valid(readSymbol, 'must be a symbol of 1 to 64 characters'))
    .option('--asset-class <class>', 'such as equity, option or crypto')
    .option('--tag <tag>', 'trades the journal gave this tag')
    .option('--from <date>', 'the first day', valid(readDay, 'must be a date such as 2026-11-20'))
    .option('--to <date>', 'the last day', valid(readDay, 'must be a date such as 2026-11-20'))
    .addOption(
      new Option('--export <what>', 'every line of this as CSV, or with --json one object a line').choices(['realizations', 'trips', 'lots', 'days', 'positions']).conflicts('by'),
    )
    .action(async ({ json, verbose, dataDir, by, export: what, ...query }: PnlOptions) => {
      const shared = { ...(json === undefined ? {} : { json }), ...(verbose === undefined ? {} : { verbose }), ...(dataDir === undefined ? {} : { dataDir }) }
      await run(shared, async context => {
        const { exportLedger, pnl } = await import('./commands/pnl.ts')
        return what === undefined ? pnl(context, by, query) : exportLedger(context, what, query)
      })
    })
}

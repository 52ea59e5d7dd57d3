import { Argument, Command, CommanderError, Option } from 'commander'
import { MOST_HOURS } from '../../shared/contract/health.ts'
import { BROKER_IDS, ENVIRONMENTS, type Method, METHODS } from '../../shared/domain/broker.ts'
import { resolveDataDir } from '../node/data-dir.ts'
import type { Layout } from '../node/layout.ts'
import { readVersion } from '../node/version.ts'
import { type ActivityOptions, activityQuery, addActivityOptions } from './activity-options.ts'
import type { ConnectOptions } from './commands/connect.ts'
import type { CommandContext } from './commands/context.ts'
import type { ImportOptions } from './commands/import.ts'
import type { SandboxOptions } from './commands/sandbox.ts'
import { EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts'
import { describeFailure, documentOf, sentenceOf } from './failure.ts'
import { readFault } from './fault-option.ts'
import { addGuardCommands } from './guard-commands.ts'
import { addNoticeCommands } from './notice-options.ts'
import { addLedgerCommands } from './ledger-options.ts'
import { openClient } from './open-client.ts'
import { readAccountName, readAccountNumber, readCurrency, readField, readHours, readSeed, valid } from './option-values.ts'
import { addOrderCommands } from './order-options.ts'
import { addPortfolioCommands } from './portfolio-options.ts'
import { addScheduleCommands } from './schedule-options.ts'
import { ASK_PASSPHRASE, readPort, type ServeFlags } from './serve-flags.ts'
import type { Terminal } from './terminal.ts'
import { createClient } from './wire.ts'

interface Shared {
  readonly json?: boolean
  readonly verbose?: boolean
  readonly dataDir?: string
}

export interface Surroundings {
  /** Handed in, because it is loaded already. */
  readonly serve: (flags: ServeFlags, layout: Layout, terminal: Terminal) => Promise<ExitCode>
  readonly layout: Layout
  readonly terminal: Terminal
  /** Stops the command. */
  readonly signal: AbortSignal
}

/** Reads the command line and runs the command. Wrong usage is explained on standard error. */
export async function runCommandLine(args: readonly string[], line: Surroundings): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok
  const program = createProgram(line, ended => {
    code = ended
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
    return code
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? EXIT.ok : EXIT.usage
    return report(cause, args.includes('--json'), line.terminal)
  }
}

function report(cause: unknown, json: boolean, terminal: Terminal): ExitCode {
  const failure = describeFailure(cause)
  if (json) terminal.out(JSON.stringify({ error: documentOf(failure) }))
  else terminal.err(sentenceOf(failure))
  return exitCodeOf(failure.code)
}

function createProgram(line: Surroundings, end: (code: ExitCode) => void): Command {
  const { terminal, layout } = line
  const program = new Command('keelson')
    .description('Connects your brokers and keeps your trade history on this machine.')
    .version(readVersion(layout.root))
    // An option belongs to the command it follows: `vault` and `vault rotate` have some of the same name.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: text => terminal.out(text.trimEnd()), writeErr: text => terminal.err(text.trimEnd()) })
    .showHelpAfterError('(keelson --help lists the commands)')

  const command = (usage: string, description: string, under: Command = program): Command =>
    under
      .command(usage)
      .description(description)
      .option('--json', 'print one JSON document')
      .option('--data-dir <folder>', "the data folder (default: KEELSON_DATA_DIR, or your system's place)")
      .option('--verbose', 'log to standard error')

  addHostCommands(command, line, end)
  addGuardCommands({
    command, end, terminal,
    folder: flag => folder(line, flag),
    withContext: (shared, run, options) => withContext(line, shared, run, options),
  })
  addHealthCommands(command, line, end)
  addBrokerCommands(command, line, end)
  addCareCommands(program, command, line, end)
  addImportCommands(command, line, end)
  const grouped = { program, command, run: async (shared: Shared, use: (context: CommandContext) => Promise<ExitCode>) => end(await withContext(line, shared, use)) }
  addScheduleCommands(grouped)
  addNoticeCommands(grouped)
  addPortfolioCommands(grouped)
  addLedgerCommands(grouped)
  addOrderCommands({ ...grouped, end, terminal, signal: line.signal, folder: flag => folder(line, flag) })
  return program
}

type AddCommand = (usage: string, description: string, under?: Command) => Command

function addHostCommands(command: AddCommand, line: Surroundings, end: (code: ExitCode) => void): void {
  const { serve, layout, terminal, signal } = line
  command('serve', 'run Keelson in your browser')
    .option('--port <number>', 'the port on 127.0.0.1 (0: any)', valid(readPort, 'must be 0, or from 1024 to 65535'))
    .option('--no-open', 'do not open the browser')
    .addOption(new Option('--ask-passphrase <when>', 'when to ask for a passphrase').choices(ASK_PASSPHRASE).default('always'))
    .action(async ({ port = null, open, askPassphrase, json = false, verbose = false, dataDir }: Shared & Partial<ServeFlags>) => {
      end(await serve({ port, open: open !== false, askPassphrase: askPassphrase ?? 'always', json, verbose, dataDir }, layout, terminal))
    })
  command('open', 'print a fresh link to the running Keelson and open it')
    .option('--no-open', 'only print it')
    .action(async ({ open: openIt, json = false, dataDir }: Shared & { open: boolean }) => {
      const { open } = await import('./commands/open.ts')
      const { createBrowser } = await import('../node/open-browser.ts')
      end(await open(terminal, createBrowser(), { dataDir: folder(line, dataDir), open: openIt, json }))
    })
  command('sandbox', 'run the built-in broker simulators')
    .option('--seed <number>', 'what the simulated history grows from', valid(readSeed, 'must be a whole number'), 20_231_101)
    .option('--fault <fault>', 'what goes wrong, as `fault` or `broker:fault`', valid(readFault, 'is no fault of the sandbox'), {})
    .action(async ({ seed, fault, json = false }: Shared & { seed: number; fault: SandboxOptions['faults'] }) => {
      const { sandbox } = await import('./commands/sandbox.ts')
      end(await sandbox(terminal, { seed, faults: fault, json }, signal))
    })
  command('doctor', 'check what Keelson needs on this machine').action(async (shared: Shared) => {
    const { doctor } = await import('./commands/doctor.ts')
    const withClient = <T>(use: (client: CommandContext['client']) => Promise<T>): Promise<T> =>
      withContext(line, shared, ({ client }) => use(client))
    end(await doctor({ terminal, layout, dataDir: folder(line, shared.dataDir), json: shared.json === true, withClient, signal }))
  })
}

function addHealthCommands(command: AddCommand, line: Surroundings, end: (code: ExitCode) => void): void {
  command('health', 'show how Keelson is doing and what to do about it; ends with 6 when something does not work')
    .option('--hours <number>', 'the hours the figures are about', valid(readHours, `must be from 1 to ${MOST_HOURS}`), 24)
    .action(async ({ hours, ...shared }: Shared & { hours: number }) => {
      const { health } = await import('./commands/health.ts')
      end(await withContext(line, shared, context => health(context, { hours })))
    })
  command('diagnostics', 'print what to hand on when asking for help: no secrets, numbers or names are in it')
    .option('--out <file>', 'write it to a new file instead')
    .action(async ({ out, ...shared }: Shared & { out?: string }) => {
      const { diagnostics } = await import('./commands/diagnostics.ts')
      end(await withContext(line, shared, context => diagnostics(context, { out })))
    })
  command('backup', "make today's backup now, unless it is there").action(async (shared: Shared) => {
    const { backup } = await import('./commands/health.ts')
    end(await withContext(line, shared, backup))
  })
}

function addBrokerCommands(command: AddCommand, line: Surroundings, end: (code: ExitCode) => void): void {
  command('status', 'show the vault and the connections').action(async (shared: Shared) => {
    const { status } = await import('./commands/status.ts')
    end(await withContext(line, shared, status))
  })
  command('connect', 'connect a broker')
    .addArgument(new Argument('<broker>').choices(BROKER_IDS))
    .addOption(new Option('--environment <environment>', 'which side of the broker').choices(ENVIRONMENTS).default('live'))
    .addOption(
      new Option('--method <method>', "how to sign in (default: the broker's first way); secrets are asked for, or read from standard input")
        .choices(METHODS),
    )
    .option('--field <name=value>', 'a field of the form that is no secret; may be repeated', readField, {})
    .option('--no-open', 'do not open the browser')
    .option('--paste', 'read the redirected address from standard input')
    .option('--reconnect <connection>', 'renew this connection')
    .option('--yes', 'agree to what Keelson may read')
    .action(
      async (
        broker: ConnectOptions['broker'],
        options: Shared & Omit<ConnectOptions, 'broker' | 'paste' | 'yes' | 'fields'> & { paste?: boolean; yes?: boolean; field?: Record<string, string> },
      ) => {
        const { connect } = await import('./commands/connect.ts')
        const { environment, method, field: fields = {}, open, paste = false, yes = false, reconnect } = options
        const chosen = { broker, environment, method, fields, open, paste, yes, reconnect }
        end(await withContext(line, options, context => connect(context, chosen), { share: true }))
      },
    )
  command('sync', 'read new history from the brokers')
    .argument('[connection]', 'its id, its broker, or broker/environment')
    .action(async (connection: string | undefined, shared: Shared) => {
      const { sync } = await import('./commands/sync.ts')
      end(await withContext(line, shared, context => sync(context, connection)))
    })
  addActivityOptions(command('activities', 'show the trade history, newest first')).action(async (options: Shared & ActivityOptions) => {
    const { activities } = await import('./commands/activities.ts')
    end(await withContext(line, options, context => activities(context, activityQuery(options))))
  })
  command('disconnect', 'wipe the tokens of a connection; its history stays')
    .argument('<connection>', 'its id, its broker, or broker/environment')
    .option('--forget-history', 'delete the history of its accounts as well')
    .action(async (connection: string, options: Shared & { readonly forgetHistory?: boolean }) => {
      const { disconnect } = await import('./commands/disconnect.ts')
      end(await withContext(line, options, context => disconnect(context, connection, options)))
    })
}

function addImportCommands(command: AddCommand, line: Surroundings, end: (code: ExitCode) => void): void {
  command('import', 'add history from a file of a broker')
    .argument('<file>', 'what the broker exported: CSV, OFX, QFX, XML or JSON')
    .addOption(new Option('--broker <broker>', 'whose file it is').choices(BROKER_IDS).makeOptionMandatory())
    .option('--account <account>', 'the account it belongs to: its id, or the end of its number')
    .addOption(
      new Option('--new-account <name>', 'make an account for it')
        .conflicts('account')
        .argParser(valid(readAccountName, 'must be a name of 1 to 80 characters')),
    )
    .option('--number <number>', 'the number of the new account', valid(readAccountNumber, 'must be 2 to 40 letters or digits'))
    .option('--currency <code>', 'its currency', valid(readCurrency, 'must be three letters such as USD'), 'USD')
    .option('--unknown', 'also keep rows Keelson cannot read')
    .option('--conflicts', 'also add rows in conflict, beside what they contradict')
    .option('--other-account', 'import it although the file names another account')
    .option('--yes', 'import without asking')
    .action(async (file: string, options: Shared & Partial<ImportOptions> & Pick<ImportOptions, 'broker' | 'currency'>) => {
      const { importFile } = await import('./commands/import.ts')
      const { unknown = false, conflicts = false, otherAccount = false, yes = false } = options
      const { broker, account, newAccount, number, currency } = options
      const given = { file, broker, account, newAccount, number, currency, unknown, conflicts, otherAccount, yes }
      end(await withContext(line, options, context => importFile(context, given)))
    })
  command('imports', 'show the imported files, or take one back')
    .option('--undo <import>', 'remove every row it added')
    .action(async ({ undo, ...shared }: Shared & { undo?: string }) => {
      const { imports } = await import('./commands/import.ts')
      end(await withContext(line, shared, context => imports(context, { undo })))
    })
}

function addCareCommands(program: Command, command: AddCommand, line: Surroundings, end: (code: ExitCode) => void): void {
  const run = async (shared: Shared, use: (context: CommandContext, care: Care) => Promise<ExitCode>): Promise<void> => {
    const care = await import('./commands/connections.ts')
    end(await withContext(line, shared, context => use(context, care)))
  }
  const which = 'its id, its own name, its broker, or broker/environment'
  const connections = program.command('connections').description('name connections, put one first, take a way in off')
  command('rename', 'give a connection a name of your own', connections)
    .argument('<connection>', which)
    .argument('[name]', 'left out, the name is taken away', '')
    .action((connection: string, name: string, shared: Shared) => run(shared, (context, care) => care.rename(context, connection, name)))
  command('primary', 'make a connection the first one everywhere', connections)
    .argument('<connection>', which)
    .action((connection: string, shared: Shared) => run(shared, (context, care) => care.primary(context, connection)))
  command('remove-method', 'take a way in off a connection that has several', connections)
    .argument('<connection>', which)
    .addArgument(new Argument('<method>').choices(METHODS))
    .action((connection: string, method: Method, shared: Shared) =>
      run(shared, (context, care) => care.removeMethod(context, connection, method)),
    )
  const accounts = program.command('accounts').description('leave accounts out of syncing and totals, or take them back')
  for (const verb of ['exclude', 'include'] as const) {
    command(verb, verb === 'exclude' ? 'leave an account out; its history stays' : 'take an account back', accounts)
      .argument('<account>', 'its id, or the end of its number')
      .action((account: string, shared: Shared) => run(shared, (context, care) => care.exclude(context, account, verb === 'exclude')))
  }
}

type Care = typeof import('./commands/connections.ts')

function folder({ terminal }: Surroundings, flag: string | undefined): string {
  return resolveDataDir({ flag, env: terminal.env })
}

/** Runs a command with a core, ours or the running host's, and lets go of it afterwards. */
async function withContext<T>(
  line: Surroundings,
  shared: Shared,
  run: (context: CommandContext) => Promise<T>,
  { unlock = true, share = false }: { readonly unlock?: boolean; readonly share?: boolean } = {},
): Promise<T> {
  const { layout, terminal, signal } = line
  const core = await openClient({ dataDir: folder(line, shared.dataDir), layout, terminal, verbose: shared.verbose === true, signal, unlock, share })
  try {
    return await run({ client: createClient(core), terminal, json: shared.json === true, signal })
  } finally {
    await core.close()
  }
}

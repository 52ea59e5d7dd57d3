import { Argument, type Command, Option } from 'commander'
import { TIMES_IN_FORCE } from '../../shared/domain/order.ts'
import type { CommandContext } from './commands/context.ts'
import { readPositive } from './commands/order-ticket.ts'
import type { PlaceOptions } from './commands/orders.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { readCount, readRequestId, valid } from './option-values.ts'
import { callRunning } from './open-client.ts'
import type { Terminal } from './terminal.ts'

interface Shared {
  readonly json?: boolean
  readonly verbose?: boolean
  readonly dataDir?: string
}

export interface OrderCommandsDeps {
  readonly program: Command
  /** Adds a command with the options all have. */
  readonly command: (usage: string, description: string, under?: Command) => Command
  /** Runs with a core and ends with the code it answers. */
  readonly run: (shared: Shared, use: (context: CommandContext) => Promise<ExitCode>) => Promise<void>
  readonly end: (code: ExitCode) => void
  readonly terminal: Terminal
  readonly signal: AbortSignal
  readonly folder: (flag: string | undefined) => string
}

const ACTIONS = ['buy', 'sell', 'short', 'cover', 'buy-to-open', 'buy-to-close', 'sell-to-open', 'sell-to-close'] as const
const CLASSES = ['equity', 'option', 'future', 'future-option', 'crypto', 'fund'] as const
const MOST_LISTED = 500

/** The commands of orders, the kill switch and the log of orders. */
export function addOrderCommands(deps: OrderCommandsDeps): void {
  addListing(deps)
  addOrdering(deps)
  addSwitch(deps)
  addAudit(deps)
}

function addListing({ command, run }: OrderCommandsDeps): void {
  command('orders', 'show the orders of all brokers, newest first')
    .addOption(new Option('--open', 'only those that still work').conflicts('done'))
    .option('--done', 'only those that are over')
    .option('--account <account>', 'its id, or the end of its number')
    .option('--symbol <symbol>', 'only this one')
    .option(
      '--limit <count>',
      'how many',
      valid(text => inRange(readCount(text)), `must be a number from 1 to ${MOST_LISTED}`),
      50,
    )
    .action(
      async ({
        open,
        done,
        account,
        symbol,
        limit,
        ...shared
      }: Shared & { open?: boolean; done?: boolean; account?: string; symbol?: string; limit: number }) => {
        const { orders } = await import('./commands/orders.ts')
        await run(shared, context => orders(context, { state: open ? 'open' : done ? 'done' : 'all', account, symbol, limit }))
      },
    )
}

const inRange = (count: number | null): number | null => (count !== null && count <= MOST_LISTED ? count : null)
const number = (text: string): ReturnType<typeof readPositive> => readPositive(text)

function addOrdering({ program, command, run, terminal, end }: OrderCommandsDeps): void {
  const order = program.command('order').description('ask for an order, or cancel one')
  const positive = valid(number, 'must be a number above zero')
  command('place', 'ask for an order: it waits for your yes in Keelson unless the connection lets programs order directly', order)
    .addArgument(new Argument('<action>').choices(ACTIONS))
    .argument('<symbol>', 'such as AAPL, AAPL261218C00250000 or BTC/USD')
    .requiredOption('--account <account>', 'its id, or the end of its number')
    .addOption(new Option('--quantity <count>', 'how many shares, contracts or coins').argParser(positive).conflicts('amount'))
    .option('--amount <money>', 'how much money, in place of a quantity', positive)
    .option('--limit <price>', 'the worst price; without any price it is a market order', positive)
    .option('--stop <price>', 'the price at which it comes to life', positive)
    .addOption(new Option('--tif <validity>', 'how long it is valid').choices(TIMES_IN_FORCE).default('day'))
    .option('--extended', 'take part in extended trading')
    .addOption(new Option('--asset-class <class>', 'what it is, where its symbol does not say').choices(CLASSES))
    .option('--digits <digits>', 'the last digits of a live account')
    .option(
      '--id <text>',
      'what you call this order: asked again under it, it is sent once',
      valid(readRequestId, 'must be 1 to 64 letters, digits and . _ : -, a letter or digit first'),
    )
    .action(
      async (
        action: PlaceOptions['action'],
        symbol: string,
        given: Shared & Partial<PlaceOptions> & Pick<PlaceOptions, 'account' | 'tif'>,
      ) => {
        const { account, quantity, amount, limit, stop, tif, extended = false, assetClass, digits, id, ...shared } = given
        if (quantity === undefined && amount === undefined) {
          terminal.err('Say how much: --quantity or --amount.')
          return end(EXIT.usage)
        }
        const { askForOrder } = await import('./commands/orders.ts')
        await run(shared, context =>
          askForOrder(context, { action, symbol, account, quantity, amount, limit, stop, tif, extended, assetClass, digits, id }),
        )
      },
    )
  command('cancel', 'cancel an order; the kill switch does not stop it', order)
    .argument('<order>', 'its id, as keelson orders shows it')
    .action(async (id: string, shared: Shared) => {
      const { takeOrderBack } = await import('./commands/orders.ts')
      await run(shared, context => takeOrderBack(context, id))
    })
}

function addSwitch({ command, run, end, terminal, signal, folder }: OrderCommandsDeps): void {
  command('kill', 'stop every new order at once, until it is taken back').action(async ({ dataDir: flag, json = false }: Shared) => {
    const { kill } = await import('./commands/kill.ts')
    const dataDir = folder(flag)
    end(await kill({ dataDir, terminal, json, signal, now: () => new Date().toISOString(), running: () => callRunning(dataDir) }))
  })
  command('rearm', 'take the kill switch back')
    .option('--phrase <word>', 'TRADE, where nobody can be asked for it')
    .action(async ({ phrase, ...shared }: Shared & { phrase?: string }) => {
      const { rearm } = await import('./commands/kill.ts')
      await run(shared, context => rearm(context, { phrase }))
    })
}

function addAudit({ program, command, run }: OrderCommandsDeps): void {
  const audit = program.command('audit').description('the log of everything that was done with orders')
  command('verify', 'look whether somebody changed it', audit).action(async (shared: Shared) => {
    const { auditVerify } = await import('./commands/audit.ts')
    await run(shared, auditVerify)
  })
  command('accept', 'take a log that is not sound as it is, so that orders go again', audit)
    .option('--yes', 'without asking')
    .action(async ({ yes = false, ...shared }: Shared & { yes?: boolean }) => {
      const { auditAccept } = await import('./commands/audit.ts')
      await run(shared, context => auditAccept(context, { yes }))
    })
}

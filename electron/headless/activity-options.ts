import { type Command, Option } from 'commander'
import { ACTIVITY_KINDS, type ActivityKind, type Side, SIDES } from '../../shared/domain/activity.ts'
import type { LocalDate } from '../../shared/domain/time.ts'
import type { ActivityQuery } from './commands/activities.ts'
import { readCount, readDay, readNext, readSearch, readSymbol, valid } from './option-values.ts'

/** The options of `keelson activities`, as parsed. */
export interface ActivityOptions {
  readonly connection?: string
  readonly account?: string
  readonly symbol?: string
  readonly side?: Side
  readonly kind?: readonly ActivityKind[]
  readonly from?: LocalDate
  readonly to?: LocalDate
  readonly search?: string
  readonly limit: number
  readonly after?: string
  readonly csv?: boolean
}

export function addActivityOptions(command: Command): Command {
  return command
    .option('--connection <connection>', 'its id, its broker, or broker/environment')
    .option('--account <account>', 'its id, or the end of its number')
    .option('--symbol <symbol>', 'exactly this symbol', valid(readSymbol, 'must be a symbol of 1 to 64 characters'))
    .addOption(new Option('--side <side>', 'buys or sells only').choices(SIDES))
    .addOption(new Option('--kind <kinds...>', 'these kinds only').choices(ACTIVITY_KINDS))
    .option('--from <date>', 'the first trade date', valid(readDay, 'must be a date such as 2026-11-20'))
    .option('--to <date>', 'the last trade date', valid(readDay, 'must be a date such as 2026-11-20'))
    .option('--search <words>', 'words in symbol and description', valid(readSearch, 'must be 1 to 100 characters'))
    .option('--limit <number>', 'how many rows', valid(readCount, 'must be a whole number from 1 to 100000'), 50)
    .addOption(new Option('--csv', 'every matching row as CSV').conflicts(['json', 'after', 'limit']))
    .option('--after <next>', 'continue after the page that ended with this `next`', valid(readNext, 'must be the `next` of a page'))
}

/** The query the options ask for; what was not given is left out. */
export function activityQuery({
  connection,
  account,
  symbol,
  side,
  kind,
  from,
  to,
  search,
  limit,
  after,
  csv,
}: ActivityOptions): ActivityQuery {
  return {
    limit,
    ...(connection === undefined ? {} : { connection }),
    ...(account === undefined ? {} : { account }),
    ...(symbol === undefined ? {} : { symbol }),
    ...(side === undefined ? {} : { side }),
    ...(kind === undefined ? {} : { kinds: [...kind] }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(search === undefined ? {} : { search }),
    ...(after === undefined ? {} : { after }),
    ...(csv === undefined ? {} : { csv }),
  }
}

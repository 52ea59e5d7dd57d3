import type { RequestOf } from '../../../shared/contract/routes.ts'
import type { ActivityRow } from '../../../shared/contract/schemas.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { printTable } from '../table.ts'
import { type CommandContext, findAccount, findConnection } from './context.ts'

export type ActivityQuery = Omit<RequestOf<'activities.page'>, 'connectionId' | 'accountId'> & {
  /** As typed: an id, a broker, or `broker/environment`. */
  readonly connection?: string | undefined
  /** As typed: an id, or the end of a number. */
  readonly account?: string | undefined
  /** Every matching row as CSV in place of a page. */
  readonly csv?: boolean
}

const LARGEST_PAGE = 500
const ACCOUNT_ID = /^acc_[A-Za-z0-9-]{1,60}$/

/** `keelson activities`: the newest rows that match, and where the next page starts. */
export async function activities(
  context: CommandContext,
  { connection, account, csv = false, ...query }: ActivityQuery,
): Promise<ExitCode> {
  const { terminal, json } = context
  const chosen = {
    ...query,
    ...(connection === undefined ? {} : { connectionId: (await findConnection(context, connection)).id }),
    ...(account === undefined ? {} : { accountId: await accountIdOf(context, account) }),
  }
  if (csv) return printCsv(context, chosen)
  const page = await readRows(context, chosen)
  if (json) terminal.out(JSON.stringify(page))
  else if (page.rows.length === 0) terminal.out('No activity matches.')
  else {
    printTable(terminal, [HEADING, ...page.rows.map(line)], [3, 4, 5])
    if (page.next !== null) terminal.err(`More: --after ${page.next}`)
  }
  return EXIT.ok
}

/** Everything that matches, as it is exported: a header, then a line a row. */
async function printCsv(
  { client, terminal, signal }: CommandContext,
  { limit: _limit, ...query }: RequestOf<'activities.page'>,
): Promise<ExitCode> {
  let after = query.after
  for (;;) {
    const { text, next } = await client.request('activities.csv', { ...query, ...(after === undefined ? {} : { after }) }, signal)
    if (text !== '') terminal.out(text.replace(/\r\n$/, '\r'))
    if (next === null) return EXIT.ok
    after = next
  }
}

/** An account that was disconnected is on no list; its id still names its history. */
async function accountIdOf(context: CommandContext, text: string): Promise<string> {
  return ACCOUNT_ID.test(text) ? text : (await findAccount(context, text)).id
}

async function readRows({ client, signal }: CommandContext, query: RequestOf<'activities.page'>) {
  const rows: ActivityRow[] = []
  let after = query.after
  for (;;) {
    const limit = Math.min(query.limit - rows.length, LARGEST_PAGE)
    const page = await client.request('activities.page', { ...query, limit, ...(after === undefined ? {} : { after }) }, signal)
    rows.push(...page.rows)
    if (page.next === null || rows.length >= query.limit) return { rows, next: page.next }
    after = page.next
  }
}

const HEADING = ['date', 'kind', 'what', 'quantity', 'price', 'amount', 'account']

function line({ tradeDate, kind, side, symbol, quantity, price, amount, currency, accountId }: ActivityRow): string[] {
  const what = [side, symbol].filter(part => part !== null).join(' ')
  return [tradeDate, kind, what, quantity ?? '', price ?? '', amount === null ? '' : `${amount} ${currency}`, accountId]
}

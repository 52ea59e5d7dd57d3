import type { DayResult, ResultView } from '../../../shared/contract/ledger.ts'
import type { RequestOf } from '../../../shared/contract/routes.ts'
import { knownOf } from '../../../shared/domain/realized.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { printTable } from '../table.ts'
import { type CommandContext, findAccount, findConnection } from './context.ts'

export type PnlBy = 'total' | 'day' | 'symbol' | 'tag'
export type PnlExport = RequestOf<'ledger.export'>['what']

type Scope = RequestOf<'ledger.totals'>
export type PnlQuery = Omit<Scope, 'connectionId' | 'accountId'> & {
  /** As typed: an id, a broker, or `broker/environment`. */
  readonly connection?: string | undefined
  /** As typed: an id, or the end of a number. */
  readonly account?: string | undefined
}

const UNKNOWN = '-'
const FIGURES = ['realized', 'fees', 'closings', 'unknown']

/** `keelson pnl`: what closings made, currency by currency. */
export async function pnl(context: CommandContext, by: PnlBy, query: PnlQuery): Promise<ExitCode> {
  const { terminal, json } = context
  const scope = await scopeOf(context, query)
  const { rows, heading, lines } = await answer(context, by, scope)
  if (json) terminal.out(JSON.stringify(rows.map(knownRow)))
  else {
    if (lines.length === 0) terminal.out(nothing(scope))
    else printTable(terminal, [heading, ...lines], heading.map((_name, at) => at).slice(2))
    await tellState(context)
  }
  return EXIT.ok
}

/** Real money is meant where no environment is named. */
function nothing({ environment }: Scope): string {
  return environment === undefined ? 'Nothing was closed in live accounts. Name others with --environment paper or sandbox.' : `Nothing was closed in ${environment} accounts.`
}

interface Answer {
  readonly rows: readonly ResultView[]
  readonly heading: readonly string[]
  readonly lines: readonly string[][]
}

async function answer({ client, signal }: CommandContext, by: PnlBy, scope: Scope): Promise<Answer> {
  if (by === 'day') {
    const rows = await client.request('ledger.days', scope, signal)
    return { rows, heading: ['day', 'currency', ...FIGURES, 'dividends', 'interest', 'other fees'], lines: rows.map(dayLine) }
  }
  if (by === 'symbol') {
    const rows = await client.request('ledger.bySymbol', scope, signal)
    const lines = rows.map(row => [row.symbol, row.currency, ...figures(row), row.unrealized ?? UNKNOWN, String(row.trips), String(row.known), String(row.wins)])
    return { rows, heading: ['symbol', 'currency', ...FIGURES, 'unrealized', 'trips', 'known', 'wins'], lines }
  }
  if (by === 'tag') {
    const rows = await client.request('ledger.byTag', scope, signal)
    return { rows, heading: ['tag', 'currency', ...FIGURES, 'trips', 'known', 'wins'], lines: rows.map(row => [row.tag ?? 'no tag', row.currency, ...figures(row), String(row.trips), String(row.known), String(row.wins)]) }
  }
  const rows = await client.request('ledger.totals', scope, signal)
  return { rows, heading: ['', 'currency', ...FIGURES], lines: rows.map(row => ['total', row.currency, ...figures(row)]) }
}

function figures(row: ResultView): string[] {
  const { realized, fees, closings, unknown } = knownRow(row)
  return [realized ?? UNKNOWN, fees ?? UNKNOWN, String(closings), String(unknown)]
}

/** What nobody knows is no 0. */
function knownRow(row: ResultView) {
  return { ...row, realized: knownOf(row, row.realized), fees: knownOf(row, row.fees) }
}

function dayLine(row: DayResult): string[] {
  return [row.day, row.currency, ...figures(row), row.dividends, row.interest, row.otherFees]
}

/** Says what keeps the figures from being the last word. */
async function tellState({ client, terminal, signal }: CommandContext): Promise<void> {
  const { pending, gaps, unread } = await client.request('ledger.status', {}, signal)
  if (pending > 0) terminal.err('The ledger is still being computed: these figures may move.')
  if (unread > 0) terminal.err(`The history of ${unread === 1 ? 'one account' : `${unread} accounts`} is not read to its end yet: what is missing is in no figure.`)
  if (gaps > 0) terminal.err(`The history does not say everything: ${gaps} ${gaps === 1 ? 'gap is' : 'gaps are'} to be filled in the app.`)
}

/** `keelson pnl --export`: a header and a line a row as CSV, or one JSON object a line. */
export async function exportLedger(context: CommandContext, what: PnlExport, query: PnlQuery): Promise<ExitCode> {
  const { client, terminal, json, signal } = context
  const scope = await scopeOf(context, query)
  let after: string | undefined
  for (;;) {
    const { text, next } = await client.request('ledger.export', { ...scope, what, format: json ? 'json' : 'csv', ...(after === undefined ? {} : { after }) }, signal)
    if (text !== '') terminal.out(json ? text.trimEnd() : text.replace(/\r\n$/, '\r'))
    if (next === null) return EXIT.ok
    after = next
  }
}

async function scopeOf(context: CommandContext, { connection, account, ...query }: PnlQuery): Promise<Scope> {
  return {
    ...query,
    ...(connection === undefined ? {} : { connectionId: (await findConnection(context, connection)).id }),
    ...(account === undefined ? {} : { accountId: (await findAccount(context, account)).id }),
  }
}

import type { DriftView, FigureView, GroupedPosition, WorthView } from '../../../shared/contract/portfolio.ts'
import type { OutputOf } from '../../../shared/contract/routes.ts'
import type { Environment } from '../../../shared/domain/broker.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { momentWords } from '../moment.ts'
import { printTable } from '../table.ts'
import type { CommandContext } from './context.ts'

type Overview = OutputOf<'portfolio.overview'>

const NOT_KNOWN = '-'

type Reader = Pick<CommandContext['terminal'], 'zone'>

/** `keelson positions`: each instrument over all accounts, and what differs. */
export async function positions(
  { client, terminal, json, signal }: CommandContext,
  environment: Environment | undefined,
): Promise<ExitCode> {
  const held = await client.request('portfolio.grouped', environment === undefined ? {} : { environment }, signal)
  if (json) terminal.out(JSON.stringify(held))
  else if (held.length === 0) terminal.out('Nothing is held.')
  else printTable(terminal, [HELD, ...held.map(one => heldLine(one, terminal))], [2, 3, 4, 5, 6])
  return EXIT.ok
}

const HELD = ['symbol', 'class', 'quantity', 'value', 'cost', 'unrealized', 'weight %', 'accounts', 'history', 'as of']

function heldLine(
  { symbol, assetClass, currency, quantity, marketValue, cost, unrealized, weight, holdings, asOf }: GroupedPosition,
  reader: Reader,
): string[] {
  const money = (amount: string | null): string => (amount === null ? NOT_KNOWN : `${amount} ${currency}`)
  const states = holdings.map(({ agrees }) => agrees)
  const history = states.includes(false) ? 'differs' : states.includes(null) ? 'not compared' : 'agrees'
  return [
    symbol,
    assetClass,
    quantity,
    money(marketValue),
    money(cost),
    money(unrealized),
    weight ?? NOT_KNOWN,
    String(holdings.length),
    history,
    momentWords(asOf, reader),
  ]
}

/** `keelson balances`: each account's figures, currency by currency, and all of them together. */
export async function balances(
  { client, terminal, json, signal }: CommandContext,
  environment: Environment | undefined,
): Promise<ExitCode> {
  const found = await client.request('portfolio.overview', { by: 'account', ...(environment === undefined ? {} : { environment }) }, signal)
  if (json) terminal.out(JSON.stringify(found))
  else if (found.totals.length === 0) terminal.out('No account was read yet.')
  else {
    const lines = found.groups.flatMap(({ label, totals }) => totals.map(worth => worthLine(label, worth, terminal)))
    printTable(terminal, [WORTH, ...lines, ...found.totals.map(worth => worthLine('all', worth, terminal))], [2, 3, 4, 5, 6])
    terminal.out(standing(found))
    for (const { day, currency, unmeasured } of found.totals) {
      if (day.because !== null) terminal.out(`Today in ${currency}: ${day.because}`)
      if (unmeasured > 0)
        terminal.out(
          `Realized in ${currency}: what ${unmeasured === 1 ? 'one sale' : `${unmeasured} sales`} made is not known, and in no sum.`,
        )
    }
  }
  return EXIT.ok
}

const WORTH = ['account', 'currency', 'value', 'cash', 'today', 'unrealized', 'realized this year', 'as of']

function worthLine(
  label: string,
  { currency, value, cash, day, unrealized, realizedThisYear, unread, asOf }: WorthView,
  reader: Reader,
): string[] {
  const read = asOf === null ? NOT_KNOWN : momentWords(asOf, reader)
  return [
    label,
    currency,
    value ?? NOT_KNOWN,
    cash ?? NOT_KNOWN,
    figure(day),
    figure(unrealized),
    unread > 0 ? NOT_KNOWN : (realizedThisYear ?? NOT_KNOWN),
    read,
  ]
}

function figure({ amount }: FigureView): string {
  return amount ?? NOT_KNOWN
}

function standing({ environment, leftOut, reconciled: { agree, accounts, drifts, worst } }: Overview): string {
  const others = leftOut.length === 0 ? '' : ` Not in it: ${leftOut.join(', ')}.`
  const state =
    drifts === 0
      ? `${agree} of ${accounts} accounts agree with their broker.`
      : `${drifts} ${drifts === 1 ? 'difference' : 'differences'} to the brokers: keelson reconcile. ${worst ?? ''}`
  return `${environment ?? ''}: ${state}${others}`
}

export interface ReconcileOptions {
  readonly fix?: string | undefined
  readonly accept?: string | undefined
  readonly undo?: string | undefined
  readonly fixes?: boolean | undefined
}

/** `keelson reconcile`: what differs. Ends with 6 while something does that is neither accepted nor only waits. */
export async function reconcile(context: CommandContext, { fix, accept, undo, fixes = false }: ReconcileOptions): Promise<ExitCode> {
  const { client, terminal, json, signal } = context
  if (fixes) return showFixes(context)
  if (fix !== undefined) {
    const { isGone } = await client.request('reconciliation.fix', { id: fix }, signal)
    if (!json) terminal.out(isGone ? 'Done: both agree now.' : 'Done, and they still differ:')
  }
  if (accept !== undefined) await client.request('reconciliation.accept', { id: accept }, signal)
  if (undo !== undefined) await client.request('reconciliation.undoFix', { id: undo }, signal)
  const drifts = await client.request('reconciliation.drifts', {}, signal)
  if (json) terminal.out(JSON.stringify(drifts))
  else
    terminal.out(
      drifts.length === 0
        ? 'The history agrees with every broker that was read.'
        : drifts.map(drift => describe(drift, terminal)).join('\n\n'),
    )
  return drifts.some(({ accepted, reason }) => !accepted && reason !== 'pending') ? EXIT.unhealthy : EXIT.ok
}

function describe(
  { id, kind, symbol, currency, ledger, broker, difference, sentence, fix, since, asOf, accepted }: DriftView,
  reader: Reader,
): string {
  const what = kind === 'cash' ? `Cash in ${currency}` : (symbol ?? '')
  const lines = [
    `${what}: ${ledger} by the history, ${broker} by the broker (${difference})${accepted ? ', left as it is' : ''}`,
    `  ${sentence}`,
    `  since ${momentWords(since, reader)}, broker's figure as of ${momentWords(asOf, reader)}`,
  ]
  if (fix !== null) lines.push(`  ${fix.label}: ${fix.detail}`, `  keelson reconcile --fix '${id}'`)
  return lines.join('\n')
}

async function showFixes({ client, terminal, json, signal }: CommandContext): Promise<ExitCode> {
  const fixes = await client.request('reconciliation.fixes', {}, signal)
  if (json) terminal.out(JSON.stringify(fixes))
  else if (fixes.length === 0) terminal.out('Nothing was fixed.')
  else {
    const lines = fixes.map(({ id, day, label, symbol, amount, currency, at }) => [
      id,
      day,
      label,
      symbol ?? currency,
      amount,
      momentWords(at, terminal),
    ])
    printTable(terminal, [['id', 'day', 'what', 'of', 'amount', 'added'], ...lines], [4])
  }
  return EXIT.ok
}

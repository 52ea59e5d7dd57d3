import type { LocalDate } from '../../../../../shared/domain/time.ts'
import { Instant } from '../../../../../shared/domain/time.ts'
import { pause } from '../../../net/wait.ts'
import type { Clock } from '../../../ports.ts'
import type { BrokerAccount, BrokerActivity, BrokerBalance, BrokerPosition, DateRange } from '../../adapter.ts'
import { ask } from './ask.ts'
import { accountType, baseCurrency, type SummaryRow, SUMMARY_TAGS, toBalances } from './balances.ts'
import { toActivity, toPosition } from './map.ts'
import type { TwsMessage } from './messages.ts'
import { ownAccount, type TwsLink, type TwsSession } from './session.ts'

export interface ReadDeps {
  readonly session: TwsSession
  readonly clock: Clock
}

interface Stop {
  readonly signal: AbortSignal
}

type Of<K extends TwsMessage['kind']> = Extract<TwsMessage, { kind: K }>

const REPORTS_MS = 2000

/** The accounts of the sign-in, with what the summary says of them. */
export async function readAccounts(deps: ReadDeps, stop: Stop): Promise<BrokerAccount[]> {
  const link = await deps.session.ready(stop)
  // Every order begins with this, and its day and its prices go by the time.
  deps.session.askTime()
  const rows = await readSummary(deps, link, stop)
  return link.accounts.map(account => {
    const own = rows.filter(row => row.account === account)
    return { key: account, number: account, name: 'IBKR account', type: accountType(own), currency: baseCurrency(own) }
  })
}

export async function readBalances(deps: ReadDeps, account: string, stop: Stop): Promise<BrokerBalance[]> {
  const link = await deps.session.ready(stop)
  ownAccount(link, account)
  const rows = await readSummary(deps, link, stop)
  return toBalances(
    rows.filter(row => row.account === account),
    deps.clock.now(),
  )
}

/** At most two summaries may be open at a time, so each is closed before the next. */
function readSummary({ clock }: ReadDeps, link: TwsLink, { signal }: Stop): Promise<SummaryRow[]> {
  const rows: SummaryRow[] = []
  return link.alone(() =>
    ask({
      link,
      clock,
      signal,
      send: id => link.api.reqAccountSummary(id, 'All', SUMMARY_TAGS),
      finish: id => link.api.cancelAccountSummary(id),
      take(message, id) {
        if (message.kind === 'summary' && message.id === id) rows.push(message)
        return message.kind === 'summary-end' && message.id === id ? rows : undefined
      },
    }),
  )
}

/** What an account holds, with values where TWS has them. A holding closed today is told with a quantity of zero and left out. */
export async function readPositions(deps: ReadDeps, account: string, stop: Stop): Promise<BrokerPosition[]> {
  const link = await deps.session.ready(stop)
  ownAccount(link, account)
  const held = await positionsOf(deps, link, stop)
  const mine = held.filter(position => position.account === account && position.quantity !== 0)
  const values = mine.length === 0 ? [] : await valuesOf(deps, link, account, stop)
  const asOf = deps.clock.now()
  return mine.map(position =>
    toPosition(
      position,
      values.find(value => value.contract.conId === position.contract.conId),
      asOf,
    ),
  )
}

function positionsOf({ clock }: ReadDeps, link: TwsLink, { signal }: Stop): Promise<Of<'position'>[]> {
  const found = new Map<string, Of<'position'>>()
  return link.alone(() =>
    ask({
      link,
      clock,
      signal,
      send: () => link.api.reqPositions(),
      finish: () => link.api.cancelPositions(),
      take(message) {
        if (message.kind === 'position') found.set(`${message.account}/${message.contract.conId}`, message)
        return message.kind === 'position-end' ? [...found.values()] : undefined
      },
    }),
  )
}

/** Market values come with the account's own updates, one account at a time. They are extra: without them positions still count. */
function valuesOf({ clock }: ReadDeps, link: TwsLink, account: string, { signal }: Stop): Promise<Of<'portfolio'>[]> {
  const found: Of<'portfolio'>[] = []
  const values = link.alone(() =>
    ask({
      link,
      clock,
      signal,
      send: () => link.api.reqAccountUpdates(true, account),
      finish: () => link.api.reqAccountUpdates(false, account),
      take(message) {
        if (message.kind === 'portfolio' && message.account === account) found.push(message)
        return message.kind === 'portfolio-end' && message.account === account ? found : undefined
      },
    }),
  )
  return values.catch((error: unknown) => {
    if (signal.aborted || link.gone.aborted) throw error
    return found
  })
}

/**
 * The executions TWS still has, the newest first: of today, or of up to seven days when its trade log is set so. IB Gateway has
 * today's only.
 */
export async function readExecutions(
  deps: ReadDeps,
  account: string,
  range: DateRange,
  stop: Stop,
): Promise<{ rows: BrokerActivity[]; asOf: Instant }> {
  const { session, clock } = deps
  const link = await session.ready(stop)
  ownAccount(link, account)
  await ask({
    link,
    clock,
    signal: stop.signal,
    send: id => link.api.reqExecutions(id, { acctCode: account }),
    take: (message, id) => (message.kind === 'executions-end' && message.id === id ? true : undefined),
  })
  await costsOf(deps, account, stop)
  const rows = session.fills
    .all()
    .filter(fill => fill.execution.execution.acctNumber === account)
    .map(fill => toActivity(fill, link.zone, range.to))
    .filter(({ facts }) => within(facts.tradeDate, range))
  return { rows: rows.reverse(), asOf: clock.now() }
}

/** Commission reports follow their executions, sometimes after the end of the list. Those that do not come in time come with the next sync. */
async function costsOf({ session, clock }: ReadDeps, account: string, { signal }: Stop): Promise<void> {
  const missing = (): boolean =>
    session.fills.all().some(fill => fill.commission === null && fill.execution.execution.acctNumber === account)
  if (!missing()) return
  const done = new AbortController()
  const stopListening = session.fills.onCommission(() => {
    if (!missing()) done.abort()
  })
  try {
    await pause(clock, REPORTS_MS, AbortSignal.any([signal, done.signal]), 'TWS')
  } catch (error) {
    if (signal.aborted) throw error
  } finally {
    stopListening()
  }
}

function within(day: LocalDate, { from, to }: DateRange): boolean {
  return day >= from && day <= to
}

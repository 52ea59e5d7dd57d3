import type { Dec } from '../../../../../shared/domain/decimal.ts'
import { Instant } from '../../../../../shared/domain/time.ts'
import type { IbkrBook } from '../book.ts'
import type { IbkrIdentity } from '../customers.ts'
import { eastern } from '../eastern.ts'
import type { IbkrExecution } from '../executions.ts'
import type { IbkrOrder } from '../order.ts'
import type { Place } from '../order-desk.ts'
import type { Field } from './frame.ts'
import type { TwsKnobs } from './knobs.ts'
import { commissionReport, execDetails, managedAccounts, nextValidId, notice } from './messages.ts'

/** One client of TWS from its start on. */
export interface Session {
  readonly clientId: number
  readonly version: number
  send(fields: readonly Field[]): void
  /** Answers to requests that keep coming until they are cancelled. */
  readonly watching: { positions: boolean; account: string | null; readonly summaries: Set<number> }
  /** 1 live, 3 delayed. */
  marketDataType: number
  pacingBreaches: number
  end(): void
  /** Breaks the connection off in the middle of a message. */
  breakOff(): void
}

/** What all sessions of a stand share. */
export interface Hall {
  readonly book: IbkrBook
  readonly knobs: TwsKnobs
  readonly sessions: Set<Session>
  /** False between 1100 and 1101 or 1102: fills happen and nobody is told. */
  upstream: boolean
  /** The next order id of each client. */
  readonly nextIds: Map<number, number>
  /** Orders placed before this one belong to a TWS that was restarted: their ids mean nothing any more. */
  ordersFrom: number
  /** Milliseconds since the epoch. */
  nowMs(): number
}

export function createHall(book: IbkrBook, knobs: TwsKnobs): Hall {
  return { book, knobs, sessions: new Set(), upstream: true, nextIds: new Map(), ordersFrom: 0, nowMs: () => Instant.toEpochMs(book.now()) }
}

/** The order id a client may use next. */
export function nextIdOf({ nextIds }: Hall, { clientId }: Session): number {
  return nextIds.get(clientId) ?? 1
}

/** The order a client placed under an id. */
export function ownOrder({ book, ordersFrom }: Hall, { clientId }: Session, id: number): IbkrOrder | undefined {
  return book.orders
    .all()
    .slice(ordersFrom)
    .find(({ numbers }) => numbers.clientId === clientId && numbers.orderId === id)
}

const LARGE = 2 ** 32

/** The account number as this TWS shows it: a live one starts with U. */
export function shownAccount({ knobs }: Hall, { account }: IbkrIdentity): string {
  return knobs.on('live') ? account.replace(/^DU/, 'U') : account
}

export function shownPermId({ knobs }: Hall, permId: number): number {
  return knobs.on('large-perm-ids') ? LARGE + permId : permId
}

/** The place of an account as a client names it. */
export function placeNamed(hall: Hall, account: string): Place | undefined {
  return hall.book.places().find(({ identity }) => shownAccount(hall, identity) === account)
}

/** The server's time line of the greeting. */
export function connectionTime(ms: number): string {
  const { compactDay, clock, zone } = eastern(ms)
  return `${compactDay} ${clock} ${zone}`
}

/** What TWS says after startApi: the accounts, the next order id, and the state of its data farms. */
export function welcome(hall: Hall, session: Session): void {
  session.send(managedAccounts(hall.book.places().map(({ identity }) => shownAccount(hall, identity))))
  session.send(nextValidId(nextIdOf(hall, session)))
  session.send(notice(-1, 2104, 'Market data farm connection is OK:usfarm'))
  session.send(notice(-1, 2107, 'HMDS data farm connection is inactive but should be available upon demand.ushmds'))
  session.send(notice(-1, 2158, 'Sec-def data farm connection is OK:secdefil'))
  if (!hall.upstream) session.send(notice(-1, 1100, 'Connectivity between IBKR and Trader Workstation has been lost.'))
  if (hall.knobs.on('strange-message')) session.send([999, 1, 'something new'])
}

/** Sends one execution, and what it cost behind it when asked. */
export function sendExecution(hall: Hall, session: Session, execution: IbkrExecution, reqId: number): void {
  const { order, identity } = execution
  session.send(
    execDetails(execution, {
      reqId,
      account: shownAccount(hall, identity),
      permId: shownPermId(hall, order.permId),
      orderId: order.orderId,
      bare: hall.knobs.on('bare-times'),
      version: session.version,
    }),
  )
}

export function sendCommission(hall: Hall, session: Session, execution: IbkrExecution): void {
  session.send(commissionReport(execution, realizedOf(hall.book, execution)))
}

/** What an execution realized, null where it only opened. */
function realizedOf(book: IbkrBook, { entry, identity }: IbkrExecution): Dec | null {
  const place = book.place(identity.account)
  if (!entry || !place) return null
  const result = book.lotsOf(place).get(entry)
  return result && result.closed.length > 0 ? result.realized : null
}

/** True when a session sees the events of an order: its own, and everything for client 0. */
export function sees(session: Session, order: IbkrOrder): boolean {
  return session.clientId === order.numbers.clientId || session.clientId === 0
}

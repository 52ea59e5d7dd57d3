import type { Method } from '../../../../shared/domain/broker.ts'
import type { Instant } from '../../../../shared/domain/time.ts'
import type { Quote } from '../../../../shared/domain/order.ts'
import type {
  BrokerAccount,
  BrokerActivity,
  BrokerBalance,
  BrokerOrder,
  BrokerPosition,
  DateRange,
  OrderQuery,
  Trading,
} from '../adapter.ts'

export interface Stop {
  readonly signal: AbortSignal
}

/** The executions of the last days, under the ids they have in Flex too. */
export interface Executions {
  readonly rows: readonly BrokerActivity[]
  readonly asOf: Instant
}

/** One way in as the connection uses it: TWS, the Client Portal Gateway, or the web API. An account's key is its number in all of them. */
export interface Way {
  readonly method: Method
  accounts(stop: Stop): Promise<BrokerAccount[]>
  balances(account: string, stop: Stop): Promise<BrokerBalance[]>
  positions(account: string, stop: Stop): Promise<BrokerPosition[]>
  orders(account: string, query: OrderQuery, stop: Stop): Promise<BrokerOrder[]>
  /** Throws order/not-found. */
  orderStatus(account: string, orderId: string, stop: Stop): Promise<BrokerOrder>
  /** Those inside the range, of at most the last seven days. */
  executions(account: string, range: DateRange, stop: Stop): Promise<Executions>
  quotes(symbols: readonly string[], stop: Stop): Promise<Quote[]>
  readonly trading: Trading
  /** Where the program runs, once it said so. */
  zone?(): string | null
  revoke?(stop: Stop): Promise<void>
}

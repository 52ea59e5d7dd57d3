import type { CommissionReport, Contract, ContractDetails, Execution, Order, OrderState } from '@stoqey/ib'

/** What TWS or IB Gateway says, decoded. `tokens` are the fields of the message as they came. */
export type TwsMessage =
  | { readonly kind: 'open' }
  | { readonly kind: 'server'; readonly version: number; readonly time: string }
  | { readonly kind: 'accounts'; readonly accounts: readonly string[] }
  | { readonly kind: 'next-order-id'; readonly orderId: number }
  /** About the session, not about a request. */
  | { readonly kind: 'notice'; readonly code: number; readonly text: string }
  /** About the request or order `id`; -1 for trouble on the line. */
  | { readonly kind: 'failure'; readonly code: number; readonly text: string; readonly id: number }
  | { readonly kind: 'closed' }
  /** A message that could not be decoded, or a listener that failed: the line cannot be trusted any more. */
  | { readonly kind: 'broken'; readonly cause: unknown }
  /** TWS's time, in seconds since 1970. */
  | { readonly kind: 'time'; readonly seconds: number }
  | {
      readonly kind: 'summary'
      readonly id: number
      readonly account: string
      readonly tag: string
      readonly value: string
      readonly currency: string
    }
  | { readonly kind: 'summary-end'; readonly id: number }
  | {
      readonly kind: 'position'
      readonly account: string
      readonly contract: Contract
      readonly quantity: number
      readonly cost: number | undefined
    }
  | { readonly kind: 'position-end' }
  | {
      readonly kind: 'portfolio'
      readonly account: string
      readonly contract: Contract
      readonly value: number | undefined
      readonly unrealized: number | undefined
    }
  | { readonly kind: 'portfolio-end'; readonly account: string }
  | ExecutionMessage
  | { readonly kind: 'executions-end'; readonly id: number }
  | CommissionMessage
  | OpenOrderMessage
  | { readonly kind: 'open-orders-end' }
  | OrderStatusMessage
  | CompletedOrderMessage
  | { readonly kind: 'completed-orders-end' }
  | { readonly kind: 'contract'; readonly id: number; readonly details: ContractDetails }
  | { readonly kind: 'contracts-end'; readonly id: number }
  | { readonly kind: 'tick'; readonly id: number; readonly type: number; readonly price: number }
  | { readonly kind: 'tick-text'; readonly id: number; readonly type: number; readonly text: string }
  | { readonly kind: 'ticks-end'; readonly id: number }
  | { readonly kind: 'data-type'; readonly id: number; readonly type: number }

export interface ExecutionMessage {
  readonly kind: 'execution'
  readonly contract: Contract
  readonly execution: Execution
  readonly tokens: readonly string[]
}

export interface CommissionMessage {
  readonly kind: 'commission'
  readonly report: CommissionReport
  readonly tokens: readonly string[]
}

export interface OpenOrderMessage {
  readonly kind: 'open-order'
  readonly orderId: number
  readonly contract: Contract
  readonly order: Order
  readonly state: OrderState
}

export interface OrderStatusMessage {
  readonly kind: 'order-status'
  readonly orderId: number
  readonly permId: number
  readonly status: string
  readonly filled: number
  readonly average: number
  readonly clientId: number
  /** It waits for something, such as shares to borrow: inactive, and not over. */
  readonly held: boolean
}

export interface CompletedOrderMessage {
  readonly kind: 'completed-order'
  readonly contract: Contract
  readonly order: Order
  readonly state: OrderState
}

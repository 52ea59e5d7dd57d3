import type { Dec } from '../../../../shared/domain/decimal.ts'
import type { Instrument } from '../instrument.ts'
import type { StoryOrder } from '../story.ts'
import type { IbkrIdentity } from './customers.ts'
import type { OrderNumbers } from './executions.ts'

export const IBKR_ORDER_TYPES = ['MKT', 'LMT', 'STP', 'STP LMT', 'TRAIL'] as const
export type IbkrOrderType = (typeof IBKR_ORDER_TYPES)[number]

/** What a client asks for. `limit` and `stop` are null where the type has none; `trail` is an amount, or a percentage. */
export interface Ticket {
  readonly instrument: Instrument
  readonly side: 'buy' | 'sell'
  readonly qty: Dec
  readonly type: IbkrOrderType
  readonly limit: Dec | null
  readonly stop: Dec | null
  readonly trail: { readonly by: Dec; readonly unit: 'amount' | 'percent' } | null
  readonly tif: string
  readonly orderRef: string
  readonly outsideRth: boolean
}

export type IbkrOrderStatus = 'PreSubmitted' | 'Submitted' | 'Cancelled' | 'Filled' | 'Inactive'

/** An order, working or done. */
export interface IbkrOrder {
  readonly identity: IbkrIdentity
  readonly numbers: OrderNumbers
  ticket: Ticket
  status: IbkrOrderStatus
  filled: Dec
  /** Mean and last price of its fills; zero before the first. */
  average: Dec
  last: Dec
  closedAt: number | null
  /** Behind its fills in the story; null until there is one. */
  booked: StoryOrder | null
}

export function isWorking({ status }: IbkrOrder): boolean {
  return status === 'PreSubmitted' || status === 'Submitted'
}

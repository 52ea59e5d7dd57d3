import { z } from 'zod'
import {
  DeskSchema,
  type DeskView,
  OrderRowSchema,
  type OrderRow,
  PlacedSchema,
  type PlacedView,
  ReviewSchema,
  type ReviewView,
  TicketSchema,
  type Ticket,
} from '../../shared/contract/orders.ts'
import { NOW } from './examples.ts'

type DeskConnectionInput = z.input<typeof DeskSchema>['connections'][number]

/** A connection of the desk as the core would send it: everything taken, trading on, all read. */
export function deskConnection(change: Partial<DeskConnectionInput> = {}): DeskConnectionInput {
  return {
    connectionId: 'con_1',
    broker: 'alpaca',
    name: 'Alpaca',
    environment: 'sandbox',
    rules: {
      assetClasses: ['equity', 'option', 'crypto'],
      types: ['market', 'limit', 'stop', 'stop-limit'],
      timesInForce: ['day', 'gtc', 'ioc'],
      fractional: ['equity', 'crypto'],
      notional: ['equity', 'crypto'],
      preview: false,
      replace: true,
      extendedHours: true,
    },
    isOn: true,
    because: null,
    isReconciled: true,
    unknown: 0,
    automation: 'approve',
    accounts: [{ accountId: 'acc_1', name: 'Margin', maskedNumber: '••••7702', currency: 'USD', isArmed: true }],
    ...change,
  }
}

export function desk(change: Partial<z.input<typeof DeskSchema>> = {}): DeskView {
  return DeskSchema.parse({ kill: { on: false, since: null, by: null }, connections: [deskConnection()], requests: 0, ...change })
}

export function ticket(change: Partial<z.input<typeof TicketSchema>> = {}): Ticket {
  return TicketSchema.parse({
    accountId: 'acc_1',
    symbol: 'AAPL',
    assetClass: 'equity',
    action: 'buy',
    type: 'limit',
    quantity: '10',
    notional: null,
    limitPrice: '180',
    stopPrice: null,
    timeInForce: 'day',
    extendedHours: false,
    ...change,
  })
}

const NONE = { amount: null, source: 'not-available', note: '' } as const

export function review(change: Partial<z.input<typeof ReviewSchema>> = {}): ReviewView {
  return ReviewSchema.parse({
    reviewId: 'rev_1',
    hash: 'h1',
    expiresAt: new Date(Date.parse(NOW) + 30_000).toISOString(),
    connectionId: 'con_1',
    broker: 'alpaca',
    environment: 'sandbox',
    accountId: 'acc_1',
    accountName: 'Margin',
    maskedNumber: '••••7702',
    lines: [
      { label: 'Action', value: 'Buy' },
      { label: 'Symbol', value: 'AAPL' },
    ],
    value: { amount: '1800', source: 'ours', note: '' },
    worstValue: { amount: '1800', source: 'ours', note: '' },
    fees: NONE,
    buyingPower: NONE,
    quote: null,
    brokerWarnings: [],
    stops: [],
    needs: [],
    needsLiveDigits: false,
    ...change,
  })
}

export function placed(change: Partial<z.input<typeof PlacedSchema>> = {}): PlacedView {
  return PlacedSchema.parse({
    intentId: 'int_1',
    outcome: 'confirmed',
    externalId: 'o1',
    status: 'working',
    sentence: 'The order was taken: working.',
    error: null,
    ...change,
  })
}

export function orderRow(change: Partial<z.input<typeof OrderRowSchema>> = {}): OrderRow {
  return OrderRowSchema.parse({
    id: 'ord_1',
    accountId: 'acc_1',
    connectionId: 'con_1',
    broker: 'alpaca',
    environment: 'sandbox',
    externalId: 'o1',
    intentId: 'int_1',
    isOurs: true,
    symbol: 'AAPL',
    side: 'buy',
    type: 'limit',
    timeInForce: 'day',
    status: 'working',
    statusText: 'new',
    isOpen: true,
    quantity: '10',
    notional: null,
    filledQuantity: '0',
    limitPrice: '180',
    stopPrice: null,
    averageFillPrice: null,
    currency: 'USD',
    submittedAt: NOW,
    updatedAt: NOW,
    fetchedAt: NOW,
    canCancel: true,
    canReplace: true,
    ...change,
  })
}

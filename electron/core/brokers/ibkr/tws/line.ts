import { EventName, IBApi } from '@stoqey/ib'
import { guardClient } from './guard.ts'
import type { TwsMessage } from './messages.ts'

export interface LineOptions {
  readonly host: string
  readonly port: number
  readonly clientId: number
  readonly onMessage: (message: TwsMessage) => void
}

/** One connection attempt and what became of it. Never used again once closed: its queue may hold calls of before. */
export interface Line {
  readonly api: IBApi
  close(): void
}

/** IBKR allows 50 messages a second. */
const MESSAGES_PER_SECOND = 40

/** Opens a socket with a client object of its own. Everything said on it, its end included, goes to `onMessage`. */
export function openLine({ host, port, clientId, onMessage }: LineOptions): Line {
  // All options are given: the client would look for missing ones in files and variables around it.
  const api = new IBApi({ host, port, clientId, maxReqPerSec: MESSAGES_PER_SECOND })
  let open = true
  const say = (message: TwsMessage): void => {
    if (!open) return
    try {
      onMessage(message)
    } catch (error) {
      onMessage({ kind: 'broken', cause: error })
    }
  }
  guardClient(api, cause => say({ kind: 'broken', cause }))
  listenToSession(api, say)
  listenToAccounts(api, say)
  listenToOrders(api, say)
  listenToPrices(api, say)
  api.connect(clientId)
  return {
    api,
    close() {
      open = false
      api.disconnect()
    },
  }
}

type Say = (message: TwsMessage) => void

function listenToSession(api: IBApi, say: Say): void {
  // The first thing sent is the greeting, right after the socket opened.
  api.once(EventName.sent, () => say({ kind: 'open' }))
  api.on(EventName.server, (version, time) => say({ kind: 'server', version, time }))
  // The list may end with a comma.
  api.on(EventName.managedAccounts, list =>
    say({
      kind: 'accounts',
      accounts: list
        .split(',')
        .map(account => account.trim())
        .filter(account => account !== ''),
    }),
  )
  api.on(EventName.nextValidId, orderId => say({ kind: 'next-order-id', orderId }))
  api.on(EventName.info, (text, code) => say({ kind: 'notice', code, text }))
  api.on(EventName.error, (error, code, id) => say({ kind: 'failure', code, text: error.message, id }))
  api.on(EventName.disconnected, () => say({ kind: 'closed' }))
  api.on(EventName.currentTime, seconds => say({ kind: 'time', seconds }))
}

function listenToAccounts(api: IBApi, say: Say): void {
  api.on(EventName.accountSummary, (id, account, tag, value, currency) => say({ kind: 'summary', id, account, tag, value, currency }))
  api.on(EventName.accountSummaryEnd, id => say({ kind: 'summary-end', id }))
  api.on(EventName.position, (account, contract, quantity, cost) => say({ kind: 'position', account, contract, quantity, cost }))
  api.on(EventName.positionEnd, () => say({ kind: 'position-end' }))
  api.on(EventName.updatePortfolio, (contract, _quantity, _price, value, _cost, unrealized, _realized, account) =>
    say({ kind: 'portfolio', account: account ?? '', contract, value, unrealized }),
  )
  api.on(EventName.accountDownloadEnd, account => say({ kind: 'portfolio-end', account }))
}

function listenToOrders(api: IBApi, say: Say): void {
  // A message is decoded right after its fields were announced, so the last fields are its own.
  let tokens: readonly string[] = []
  api.on(EventName.received, fields => void (tokens = fields))
  api.on(EventName.execDetails, (_id, contract, execution) => say({ kind: 'execution', contract, execution, tokens }))
  api.on(EventName.execDetailsEnd, id => say({ kind: 'executions-end', id }))
  api.on(EventName.commissionReport, report => say({ kind: 'commission', report, tokens }))
  api.on(EventName.openOrder, (orderId, contract, order, state) => say({ kind: 'open-order', orderId, contract, order, state }))
  api.on(EventName.openOrderEnd, () => say({ kind: 'open-orders-end' }))
  api.on(EventName.orderStatus, (orderId, status, filled, _remaining, average, permId, _parent, _last, clientId, whyHeld) =>
    say({ kind: 'order-status', orderId, permId: permId ?? 0, status, filled, average, clientId: clientId ?? 0, held: Boolean(whyHeld) }),
  )
  api.on(EventName.completedOrder, (contract, order, state) => say({ kind: 'completed-order', contract, order, state }))
  api.on(EventName.completedOrdersEnd, () => say({ kind: 'completed-orders-end' }))
}

function listenToPrices(api: IBApi, say: Say): void {
  api.on(EventName.contractDetails, (id, details) => say({ kind: 'contract', id, details }))
  api.on(EventName.contractDetailsEnd, id => say({ kind: 'contracts-end', id }))
  api.on(EventName.tickPrice, (id, type, price) => say({ kind: 'tick', id, type, price }))
  api.on(EventName.tickString, (id, type, text) => say({ kind: 'tick-text', id, type, text }))
  api.on(EventName.tickSnapshotEnd, id => say({ kind: 'ticks-end', id }))
  api.on(EventName.marketDataType, (id, type) => say({ kind: 'data-type', id, type }))
}

import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { Reader } from '../db/connection.ts'
import { openIntents } from '../store/order-intents.ts'

/**
 * Keeps entry closed until orders and positions of an account were read whole since its connection came up, and while one of our own
 * orders there is in doubt. What was read before a reconnect says nothing about now.
 */
export interface Gate {
  /** Orders and positions of the account were just read whole. */
  readWhole(connectionId: ConnectionId, accountId: AccountId): void
  /** The connection went down, came back or was changed. */
  reconnected(connectionId: ConnectionId): void
  isRead(accountId: AccountId): boolean
  isOpen(accountId: AccountId): boolean
  /** How many of our orders are in doubt. `sending` counts too: an outcome that could not be written is none. */
  doubts(accountId: AccountId): number
}

export function createGate({ reader }: { readonly reader: Reader }): Gate {
  const read = new Map<ConnectionId, Set<AccountId>>()
  const isRead = (accountId: AccountId): boolean => [...read.values()].some(accounts => accounts.has(accountId))
  const doubts = (accountId: AccountId): number =>
    openIntents(reader).filter(intent => intent.accountId === accountId && intent.kind !== 'cancel').length
  return {
    readWhole(connectionId, accountId) {
      const accounts = read.get(connectionId) ?? new Set()
      read.set(connectionId, accounts.add(accountId))
    },
    reconnected: connectionId => void read.delete(connectionId),
    isRead,
    isOpen: accountId => isRead(accountId) && doubts(accountId) === 0,
    doubts,
  }
}

import { describe, expect, test } from 'vitest'
import { createGate, type Gate } from '../../../electron/core/orders/gate.ts'
import { insertIntent, type IntentKind, settleIntent } from '../../../electron/core/store/order-intents.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { AT, tempDatabase } from '../../support/data-folder.ts'
import { connection, withAccounts } from '../store/support.ts'
import { limitDraft } from './support/order-books.ts'

interface House {
  readonly gate: Gate
  readonly accounts: readonly [AccountId, AccountId, AccountId]
  send(account: AccountId, kind: IntentKind): string
  settle(intentId: string, outcome: 'confirmed' | 'unknown'): void
}

const A = connection('con_a').id
const B = connection('con_b').id

/** Two accounts of one connection and one of another. */
function house(): House {
  const db = tempDatabase()
  const [first, second, third] = withAccounts(db, { con_a: ['111', '222'], con_b: ['333'] })
  if (!first || !second || !third) throw new Error('no accounts')
  let sent = 0
  return {
    gate: createGate(db),
    accounts: [first, second, third],
    send(accountId, kind) {
      const id = `int_${(sent += 1)}`
      const draft = kind === 'cancel' ? null : limitDraft({ clientOrderId: id })
      const where = { accountId, connectionId: A, environment: 'paper' as const }
      insertIntent(db.writer, {
        id,
        ...where,
        kind,
        clientOrderId: id,
        draft,
        ticket: null,
        hash: '',
        target: null,
        createdAt: AT,
        sentAt: AT,
      })
      return id
    },
    settle: (id, outcome) => settleIntent(db.writer, id, { outcome, externalId: null, status: null, error: null, at: AT }),
  }
}

describe('entry', () => {
  test('is open for an account whose orders and positions were read, and for no other', () => {
    const {
      gate,
      accounts: [first, second, third],
    } = house()
    expect([gate.isOpen(first), gate.isRead(first)]).toEqual([false, false])
    gate.readWhole(A, first)
    expect([gate.isOpen(first), gate.isRead(first)]).toEqual([true, true])
    expect([second, third].map(gate.isOpen)).toEqual([false, false])
    gate.readWhole(A, second)
    gate.readWhole(B, third)
    expect([first, second, third].map(gate.isOpen)).toEqual([true, true, true])
  })

  test('closes for every account of a connection that came back, and for those of no other', () => {
    const {
      gate,
      accounts: [first, second, third],
    } = house()
    gate.readWhole(A, first)
    gate.readWhole(A, second)
    gate.readWhole(B, third)
    gate.reconnected(A)
    expect([first, second, third].map(gate.isOpen)).toEqual([false, false, true])
    gate.readWhole(A, second)
    expect([first, second, third].map(gate.isOpen)).toEqual([false, true, true])
  })

  test('is closed while one of our orders there is on its way or in doubt, and open again once it is known', () => {
    const {
      gate,
      accounts: [first, second],
      send,
      settle,
    } = house()
    gate.readWhole(A, first)
    gate.readWhole(A, second)
    const placed = send(first, 'place')
    const changed = send(first, 'replace')
    expect([gate.doubts(first), gate.doubts(second)]).toEqual([2, 0])
    expect([gate.isOpen(first), gate.isOpen(second), gate.isRead(first)]).toEqual([false, true, true])
    settle(placed, 'confirmed')
    settle(changed, 'unknown')
    expect([gate.doubts(first), gate.isOpen(first)]).toEqual([1, false])
    settle(changed, 'confirmed')
    expect([gate.doubts(first), gate.isOpen(first)]).toEqual([0, true])
  })

  test('is not closed by a cancellation in doubt: it can only make less', () => {
    const {
      gate,
      accounts: [first],
      send,
    } = house()
    gate.readWhole(A, first)
    send(first, 'cancel')
    expect([gate.doubts(first), gate.isOpen(first)]).toEqual([0, true])
  })
})

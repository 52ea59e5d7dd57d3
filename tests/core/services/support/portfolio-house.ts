import { createLedgerWork } from '../../../../electron/core/ledger/work.ts'
import { overview } from '../../../../electron/core/services/portfolio-overview.ts'
import { reconcileConnection } from '../../../../electron/core/services/reconcile.ts'
import { replaceBalances } from '../../../../electron/core/store/balances.ts'
import { writeHistory } from '../../../../electron/core/store/history.ts'
import { replacePositions } from '../../../../electron/core/store/positions.ts'
import { saveWorth } from '../../../../electron/core/store/worth-days.ts'
import { activityValues } from '../../../../electron/core/ledger/values.ts'
import { upsertActivities } from '../../../../electron/core/store/activities-write.ts'
import type { ActivityFacts } from '../../../../shared/domain/activity.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { AccountId, ConnectionId } from '../../../../shared/domain/ids.ts'
import { Instant, LocalDate } from '../../../../shared/domain/time.ts'
import { AT, tempDatabase } from '../../../support/data-folder.ts'
import { withAccounts } from '../../store/support.ts'

export const d = Dec.of
/** A Friday. */
export const TODAY = LocalDate.of('2026-11-20')
export const THURSDAY = Instant.parse('2026-11-19T21:30:00Z')

/** A data folder with accounts whose rows, readings and holdings a test says itself. */
export function house(accounts: readonly string[] = ['PA0001']) {
  const db = tempDatabase()
  const ids = withAccounts(db, { con_1: accounts })
  const [first] = ids
  if (first === undefined) throw new Error('no account')
  let number = 0
  const row = (facts: Partial<ActivityFacts>, accountId: AccountId = first): void => {
    number += 1
    const whole: ActivityFacts = {
      externalId: `row-${number}`,
      kind: 'trade',
      brokerType: 'FILL',
      symbol: null,
      assetClass: null,
      side: null,
      positionEffect: null,
      quantity: null,
      price: null,
      amount: null,
      fees: Dec.zero,
      currency: 'USD',
      executedAt: null,
      tradeDate: LocalDate.of('2026-03-02'),
      orderId: null,
      description: null,
      status: 'final',
      ...facts,
    }
    db.writer.tx(w => upsertActivities(w, [activityValues(accountId, { facts: whole, raw: '{}' }, { asOf: AT, fetchedAt: AT })]))
  }
  const deal =
    (side: 'buy' | 'sell') =>
    (quantity: string, price: string, more: Partial<ActivityFacts> = {}): void => {
      const value = Dec.mul(d(quantity), d(price))
      row({
        symbol: 'AAPL',
        assetClass: 'equity',
        side,
        quantity: d(quantity),
        price: d(price),
        amount: side === 'buy' ? Dec.neg(value) : value,
        ...more,
      })
    }
  /** The history of these accounts was read to its end; of all of them where none is named. */
  const read = (accounts: readonly AccountId[] = ids): void => {
    const range = { from: LocalDate.of('2018-01-01'), to: TODAY }
    const whole = { ...range, cursor: null, done: true, completeFrom: range.from, completeTo: range.to }
    for (const id of accounts) writeHistory(db.writer, id, whole, AT)
  }
  return {
    db,
    ids,
    first,
    row,
    read,
    buy: deal('buy'),
    sell: deal('sell'),
    worth(at: Instant, netLiquidation: string | null, cash: string | null, accountId: AccountId = first, currency = 'USD') {
      const balance = {
        currency,
        netLiquidation: netLiquidation === null ? null : d(netLiquidation),
        cash: cash === null ? null : d(cash),
        buyingPower: null,
        asOf: at,
      }
      replaceBalances(db.writer, accountId, [balance], at)
      saveWorth(db.writer, accountId, [balance])
    },
    hold(quantity: string, marketValue: string | null, unrealized: string | null = null, accountId: AccountId = first) {
      const value = { marketValue: marketValue === null ? null : d(marketValue), unrealized: unrealized === null ? null : d(unrealized) }
      replacePositions(
        db.writer,
        accountId,
        [{ symbol: 'AAPL', assetClass: 'equity', quantity: d(quantity), averagePrice: null, currency: 'USD', asOf: AT, ...value }],
        AT,
      )
    },
    compute() {
      const work = createLedgerWork(db.writer)
      while (work.step(Instant.toEpochMicros(AT)).more);
    },
    look: (by: 'broker' | 'account' | 'asset-class' = 'account', today: LocalDate = TODAY) =>
      overview({ reader: db.reader, today, brokerName: id => id }, { by }),
    check() {
      read()
      return reconcileConnection(
        { db, clock: { now: () => AT, monotonicMs: () => 0, after: () => () => undefined }, brokerName: id => id },
        'con_1' as ConnectionId,
      )
    },
  }
}

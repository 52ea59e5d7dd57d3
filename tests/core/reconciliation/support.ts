import { createLog } from '../../../electron/core/log/log.ts'
import { createReconciliation } from '../../../electron/core/services/reconciliation.ts'
import { replaceBalances } from '../../../electron/core/store/balances.ts'
import { writeHistory } from '../../../electron/core/store/history.ts'
import { replacePositions } from '../../../electron/core/store/positions.ts'
import type { DriftView } from '../../../shared/contract/portfolio.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import { activityValues } from '../../../electron/core/ledger/values.ts'
import { upsertActivities } from '../../../electron/core/store/activities-write.ts'
import { AT } from '../../support/data-folder.ts'
import { fakePorts } from '../../support/fake-ports.ts'
import { desk } from '../ledger/support/desk.ts'
import { settled } from '../ledger/support/ledger-dump.ts'

type Told = Partial<ActivityFacts> & Pick<ActivityFacts, 'externalId'>

/** An account whose history is read whole, held against what its broker holds; the clock stands until it is moved. */
export function account() {
  const { db, work, row } = desk()
  const { accountId } = row({ externalId: 'any' })
  let now = AT
  const clock = { now: () => now, monotonicMs: () => 0, after: () => () => undefined }
  const { handlers, check } = createReconciliation({
    db,
    clock,
    random: fakePorts('/nowhere').random,
    events: { emit: () => undefined, subscribe: () => () => undefined },
    log: createLog(() => undefined, clock),
    brokerName: () => 'Schwab',
    between: async run => run(),
    ledgerCurrent: async () => void settled(work),
    sync: async () => undefined,
  })
  const [from, to] = [LocalDate.of('2020-01-01'), LocalDate.of('2026-11-20')]
  writeHistory(db.writer, accountId, { from, to, cursor: null, done: true, completeFrom: from, completeTo: to }, AT)
  const { signal } = new AbortController()
  /** Holdings that differ. */
  const drifts = async (): Promise<readonly DriftView[]> =>
    (await handlers['reconciliation.drifts']({}, { signal })).filter(({ kind }) => kind === 'position')
  return {
    db,
    drifts,
    /** A week goes by. */
    later: () => void (now = Instant.plus(now, 7 * 86_400_000)),
    /** Rows the broker tells now. */
    told(...rows: Told[]) {
      const values = rows.map(one => activityValues(accountId, row(one), { asOf: now, fetchedAt: now }))
      db.writer.tx(w => upsertActivities(w, values))
      settled(work)
    },
    async holds(...held: readonly (readonly [symbol: string, quantity: string])[]) {
      const positions = held.map(([symbol, quantity]) => ({
        symbol, assetClass: 'equity' as const, quantity: Dec.of(quantity), averagePrice: null, marketValue: null, unrealized: null, currency: 'USD', asOf: AT,
      }))
      replacePositions(db.writer, accountId, positions, AT)
      replaceBalances(db.writer, accountId, [{ currency: 'USD', netLiquidation: null, cash: Dec.zero, buyingPower: null, asOf: AT }], AT)
      await check('con_1' as ConnectionId)
      return drifts()
    },
    /** Takes the fix of a difference. */
    take: (id: string) => handlers['reconciliation.fix']({ id }, { signal }),
    /** Takes the fix of the first difference in a holding. */
    async click() {
      const [first] = (await drifts()).filter(({ fix }) => fix)
      if (!first) throw new Error('nothing to click')
      return handlers['reconciliation.fix']({ id: first.id }, { signal })
    },
  }
}

import type { ActivityPage, BrokerAccount, BrokerBalance, BrokerPosition, BrokerSession, DateRange, MethodSession } from '../../adapter.ts'
import { checkKind } from '../account-kind.ts'
import { flexPage } from './history.ts'
import { flexAccounts, flexBalances, flexPositions } from './holdings.ts'
import { fetchStatement, type FlexPeriod, type FlexReport } from './service.ts'
import { createShelf } from './shelf.ts'

interface Stop {
  readonly signal: AbortSignal
}

/** The Flex Web Service as a way in: the whole history, and what was held when the statement was made. */
export interface FlexWay {
  accounts(stop: Stop): Promise<BrokerAccount[]>
  /** Asks the service itself, whatever was fetched before. */
  check(stop: Stop): Promise<BrokerAccount[]>
  balances(account: string, stop: Stop): Promise<BrokerBalance[]>
  positions(account: string, stop: Stop): Promise<BrokerPosition[]>
  page(account: string, range: DateRange, cursor: string | null, stop: Stop): Promise<ActivityPage>
}

export function createFlexWay({ clock, log, keep }: BrokerSession, way: MethodSession, paper: boolean): FlexWay {
  const shelf = keep('flex', () => createShelf(clock))
  const fetch = (period: FlexPeriod | null, stop: Stop): Promise<FlexReport> =>
    shelf.take(period, () => fetchStatement({ way, clock, log }, period, stop))
  async function accounts(stop: Stop): Promise<BrokerAccount[]> {
    const found = flexAccounts(await fetch(null, stop))
    checkKind(
      found.map(({ number }) => number),
      paper,
    )
    return found
  }

  return {
    accounts,
    check(stop) {
      shelf.clear()
      return accounts(stop)
    },
    balances: async (account, stop) => flexBalances(await fetch(null, stop), account),
    positions: async (account, stop) => flexPositions(await fetch(null, stop), account),
    page: (account, range, cursor, stop) => flexPage(period => fetch(period, stop), account, range, cursor),
  }
}

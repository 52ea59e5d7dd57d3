import type { StandOpener, StandOptions } from '../stand.ts'
import type { StandId } from '../stands.ts'

/** The servers of one simulated IBKR customer. None of them is served yet. */
export function createIbkrStands(_options: StandOptions): Readonly<Partial<Record<StandId, StandOpener>>> {
  return {}
}

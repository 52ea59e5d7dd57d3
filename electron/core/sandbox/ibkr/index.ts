import type { StandOpener, StandOptions } from '../stand.ts'
import type { StandId } from '../stands.ts'

/** How IBKR's stands are opened: four surfaces over one story. */
export function createIbkrStands(_options: StandOptions): Readonly<Partial<Record<StandId, StandOpener>>> {
  return {}
}

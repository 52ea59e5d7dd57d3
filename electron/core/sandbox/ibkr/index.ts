import type { StandOpener, StandOptions } from '../stand.ts'
import type { StandId } from '../stands.ts'
import { createIbkrBook } from './book.ts'
import { openTws } from './tws/stand.ts'

/** How IBKR's stands are opened: four surfaces over one story. */
export function createIbkrStands(options: StandOptions): Readonly<Partial<Record<StandId, StandOpener>>> {
  const { seed, now, activities, host } = options
  const book = createIbkrBook({ seed, now, activities })
  return {
    'ibkr-tws': place => openTws(book, place, host),
  }
}

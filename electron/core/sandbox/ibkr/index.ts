import { openHttpStand } from '../http-stand.ts'
import type { StandOpener, StandOptions } from '../stand.ts'
import type { StandId } from '../stands.ts'
import { createIbkrBook } from './book.ts'
import { FLEX_KNOBS, createFlex } from './flex/simulator.ts'
import { openTws } from './tws/stand.ts'

/** How IBKR's stands are opened: four surfaces over one story. */
export function createIbkrStands(options: StandOptions): Readonly<Partial<Record<StandId, StandOpener>>> {
  const { seed, now, activities, host } = options
  const book = createIbkrBook({ seed, now, activities })
  return {
    'ibkr-flex': place =>
      openHttpStand({ stand: 'ibkr-flex', create: ({ knobs }) => createFlex(book, knobs), knobs: FLEX_KNOBS }, options, place),
    'ibkr-tws': place => openTws(book, place, host),
  }
}

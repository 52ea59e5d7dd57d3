import { ALPACA_KNOBS } from './alpaca/queries.ts'
import { createAlpaca } from './alpaca/simulator.ts'
import { ETRADE_KNOBS, createEtrade } from './etrade/simulator.ts'
import { openHttpStand } from './http-stand.ts'
import type { HttpStand } from './http-stand.ts'
import { ORDER_KNOBS } from './order-book.ts'
import { createIbkrStands } from './ibkr/index.ts'
import { SCHWAB_KNOBS } from './schwab/desk.ts'
import { createSchwab } from './schwab/simulator.ts'
import { createTdAmeritrade } from './tdameritrade/simulator.ts'
import { createTastytrade } from './tastytrade/simulator.ts'
import type { StandOpener, StandOptions } from './stand.ts'
import type { StandId } from './stands.ts'

const HTTP_STANDS: readonly HttpStand[] = [
  { stand: 'alpaca', create: createAlpaca, knobs: [...ORDER_KNOBS, ...ALPACA_KNOBS] },
  { stand: 'schwab', create: createSchwab, knobs: [...ORDER_KNOBS, ...SCHWAB_KNOBS] },
  { stand: 'tastytrade', create: createTastytrade, knobs: ORDER_KNOBS },
  { stand: 'tdameritrade', create: createTdAmeritrade, knobs: ORDER_KNOBS },
  { stand: 'etrade', create: createEtrade, knobs: [...ORDER_KNOBS, ...ETRADE_KNOBS] },
]

/** How each stand of one sandbox is opened; a stand without an entry is not served. */
export function createStands(options: StandOptions): Readonly<Partial<Record<StandId, StandOpener>>> {
  const http = HTTP_STANDS.map((item): [StandId, StandOpener] => [item.stand, place => openHttpStand(item, options, place)])
  return { ...Object.fromEntries(http), ...createIbkrStands(options) }
}

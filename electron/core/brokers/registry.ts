import type { BrokerId } from '../../../shared/domain/broker.ts'
import type { Broker } from './adapter.ts'
import { alpaca } from './alpaca/index.ts'
import { etrade } from './etrade/index.ts'
import { ibkr } from './ibkr/index.ts'
import { schwab } from './schwab/index.ts'
import { tastytrade } from './tastytrade/index.ts'
import { tdameritrade } from './tdameritrade/index.ts'

/** Every broker Keelson can connect, by id. */
export const brokers: Readonly<Record<BrokerId, Broker>> = { alpaca, schwab, ibkr, tastytrade, etrade, tdameritrade }

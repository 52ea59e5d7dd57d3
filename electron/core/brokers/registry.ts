import type { BrokerId } from '../../../shared/domain/broker.ts'
import type { Broker } from './adapter.ts'
import { alpaca } from './alpaca/index.ts'
import { schwab } from './schwab/index.ts'

/** Every broker Keelson can connect, by id. */
export const brokers: Readonly<Record<BrokerId, Broker>> = { alpaca, schwab }

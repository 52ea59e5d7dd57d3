import type { SceneOptions, Scene } from './tws-scene.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../../../shared/domain/order.ts'
import type { Fields, PeerLine } from './tws-peer.ts'

export const ACCOUNT = 'DU1234567'
export const PERM_ID = 600745656
export const UNSET = '1.7976931348623157E308'

export const LIMIT: OrderDraft = {
  clientOrderId: 'k-1',
  symbol: 'AAPL',
  assetClass: 'equity',
  side: 'sell',
  positionEffect: null,
  type: 'limit',
  quantity: Dec.of('10'),
  notional: null,
  limitPrice: Dec.of('190.5'),
  stopPrice: null,
  trail: null,
  timeInForce: 'gtc',
  extendedHours: false,
}

export type Reply = (orderId: string, line: PeerLine, fields: readonly string[]) => void

export interface OrderScene extends Scene {
  /** The orders TWS was sent, previews included. */
  readonly orders: () => string[][]
}

/** TWS that knows Apple and answers orders and cancellations as told. */
export async function orderScene(
  open: (options: SceneOptions) => Promise<Scene>,
  onOrder: Reply,
  onCancel: Reply = () => undefined,
  more: Pick<SceneOptions, 'settings' | 'accounts' | 'hello' | 'answer'> = {},
): Promise<OrderScene> {
  const scene = await open({
    ...more,
    settings: { readOnly: false, ...more.settings },
    answer(fields, line) {
      more.answer?.(fields, line)
      if (fields[0] === '9') line.say(details(fields[2] ?? ''), [52, 1, fields[2] ?? ''])
      if (fields[0] === '3') onOrder(fields[1] ?? '', line, fields)
      if (fields[0] === '4') onCancel(fields[1] ?? '', line, fields)
      if (more.answer) return
      if (fields[0] === '16') line.say([53, 1])
      if (fields[0] === '99') line.say([102])
    },
  })
  return { ...scene, orders: () => scene.peer.received.filter(fields => fields[0] === '3') }
}

const STOCK = [265598, 'AAPL', 'STK', '', 0, '?', '', 'SMART', 'USD', 'AAPL', 'NMS']

/** Fields by their place in the message, instead of the usual ones. */
type Changes = Readonly<Record<number, string | number>>

export function status(orderId: string, word: string, changes: Changes = {}): Fields {
  return Object.assign([3, orderId, word, 0, 10, 0, PERM_ID, 0, 0, 7, '', 0], changes)
}

interface OpenOrderOptions {
  readonly commission?: string
  readonly margin?: string
  readonly warning?: string
  readonly changes?: Changes
}

/** All 141 fields of server version 193, of which few matter here. */
export function openOrder(
  orderId: string,
  word: string,
  { commission = UNSET, margin = UNSET, warning = '', changes = {} }: OpenOrderOptions = {},
): Fields {
  const preview = margin !== UNSET
  const fields: (string | number)[] = Array.from({ length: 141 }, () => '')
  const put = (at: number, ...values: readonly (string | number)[]): void =>
    values.forEach((value, offset) => void (fields[at + offset] = value))
  put(0, 5, orderId, ...STOCK, 'SELL', 10, 'LMT', 190.5, 0, 'GTC', '', ACCOUNT, '', 0, 'k-1', 7, PERM_ID, 0, 0, 0)
  put(61, 'None')
  put(78, 0, 0, 0)
  put(89, 0)
  put(92, preview ? 1 : 0, word, UNSET, UNSET, UNSET, margin, UNSET, UNSET, UNSET, UNSET, UNSET, commission, UNSET, UNSET, 'USD', warning)
  put(110, 0, 'None', UNSET, UNSET, UNSET, UNSET, UNSET, UNSET, 0)
  return Object.assign(fields, changes)
}

export function details(id: string): Fields {
  return [
    10,
    id,
    'AAPL',
    'STK',
    '',
    '',
    '0',
    '',
    'SMART',
    'USD',
    'AAPL',
    'NMS',
    'NMS',
    265598,
    0.01,
    '',
    'LMT,MKT',
    'SMART',
    1,
    0,
    'APPLE INC',
    'NASDAQ',
    '',
    'Technology',
    'Computers',
    'Computers',
    'US/Eastern',
    '',
    '',
    '',
    '',
    0,
    1,
    '',
    '',
    '26',
    '',
    'COMMON',
    1,
    1,
    100,
    0,
  ]
}

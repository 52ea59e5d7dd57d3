import type { Knobs } from '../../knobs.ts'

/**
 * The settings of the TWS stand.
 *
 * `server-version` 177 to 193, or higher; `no-negotiation` announces it whatever the client takes. `accept-dialog` never answers the
 * greeting. `refuse` closes the port. `client-id-in-use` is a list of ids, or `all`. `half-open` keeps the socket and says nothing.
 * `read-only` refuses orders and their lists. `live` shows account numbers that start with U. `chunks` is `bytes` or `together`.
 * `bad-json` fills advancedOrderReject with broken JSON. `duplicates` sends order states and executions twice. `strange-message` sends a
 * message nobody knows, `extra-fields` appends fields. `large-perm-ids` are above 2^31. `trade-log-days` is how far back
 * reqExecutions goes (7). `bare-times` writes times without a zone. `market-data` is `delayed` or `denied`. `pacing` answers requests
 * with error 100 and hangs up at the third. `orders-at-start` pushes open orders after the start.
 */
const SETTINGS = [
  'server-version',
  'no-negotiation',
  'accept-dialog',
  'refuse',
  'client-id-in-use',
  'half-open',
  'read-only',
  'live',
  'chunks',
  'bad-json',
  'duplicates',
  'strange-message',
  'extra-fields',
  'large-perm-ids',
  'trade-log-days',
  'bare-times',
  'market-data',
  'pacing',
  'orders-at-start',
  'reject-orders',
  'hold-orders',
  'partial-fills',
] as const
export type TwsSetting = (typeof SETTINGS)[number]

/** The setting that is not kept but happens: see `TWS_EVENTS`. */
export const EVENT = 'event'

export const TWS_EVENTS = [
  '1100',
  '1101',
  '1102',
  '1300',
  '2103',
  '2104',
  '2105',
  '2106',
  '2110',
  'drop',
  'drop-mid-frame',
  'restart',
  'back',
  'fill-orders',
  'fill-part',
] as const
export type TwsEvent = (typeof TWS_EVENTS)[number]

export interface TwsKnobs extends Knobs {
  on(name: TwsSetting): boolean
}

/** Knobs that act when they are turned: `refuse` opens and closes the port, `event` makes something happen once. */
export function createTwsKnobs(act: (event: TwsEvent) => void, turned: (name: TwsSetting) => void): TwsKnobs {
  const values = new Map<string, string>()
  return {
    names: [...SETTINGS, EVENT],
    get: name => values.get(name) ?? null,
    on: name => values.has(name),
    set(name, value) {
      if (name === EVENT) {
        const event = TWS_EVENTS.find(item => item === value)
        if (event === undefined) throw new RangeError(`no event ${String(value)}; known are ${TWS_EVENTS.join(', ')}`)
        act(event)
        return
      }
      const known = SETTINGS.find(item => item === name)
      if (known === undefined) throw new RangeError(`no knob ${name}; known are ${SETTINGS.join(', ')}, ${EVENT}`)
      if (value === null) values.delete(known)
      else values.set(known, value)
      turned(known)
    },
  }
}

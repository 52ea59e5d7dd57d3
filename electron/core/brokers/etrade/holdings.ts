import { Dec } from '../../../../shared/domain/decimal.ts'
import type { Instant } from '../../../../shared/domain/time.ts'
import type { BrokerAccount, BrokerBalance, BrokerPosition } from '../adapter.ts'
import { instrumentOf } from './product.ts'
import type { AccountWire, BalanceWire, PositionWire } from './wire.ts'

const USD = 'USD'

/** Open accounts; of a closed one E*TRADE answers nothing any more. */
export function toAccounts(rows: readonly AccountWire[]): BrokerAccount[] {
  return rows
    .filter(wire => wire.accountStatus !== 'CLOSED')
    .map(wire => {
      const type = titled(wire.accountType ?? wire.accountMode ?? 'Brokerage')
      return {
        key: wire.accountIdKey,
        number: wire.accountId,
        name: wire.accountName ?? titled(wire.accountDesc ?? 'E*TRADE account'),
        type: wire.accountMode === null || titled(wire.accountMode) === type ? type : `${type}, ${titled(wire.accountMode).toLowerCase()}`,
        currency: USD,
      }
    })
}

/** The value of the account comes only with real-time values. Of the two buying powers the greater one is what may be used. */
export function toBalance({ BalanceResponse: { Computed: computed } }: BalanceWire, asOf: Instant): BrokerBalance {
  const [first, ...powers] = [computed?.marginBuyingPower, computed?.cashBuyingPower, computed?.cashAvailableForInvestment].filter(
    power => power !== null && power !== undefined,
  )
  return {
    currency: USD,
    netLiquidation: computed?.RealTimeValues?.totalAccountValue ?? null,
    cash: computed?.netCash ?? computed?.cashBalance ?? null,
    buyingPower: first === undefined ? null : powers.reduce<Dec>((a, b) => (Dec.cmp(a, b) < 0 ? b : a), first),
    asOf,
  }
}

/** Holdings. A price paid of 0 means that the cost is not known, and then the gain is none either. */
export function toPositions(rows: readonly PositionWire[], asOf: Instant): BrokerPosition[] {
  return rows.flatMap(wire => {
    const { symbol, assetClass } = instrumentOf(wire.Product, wire.symbolDescription)
    const { quantity, pricePaid } = wire
    if (symbol === null || quantity === null || Dec.isZero(quantity)) return []
    const known = pricePaid !== null && !Dec.isZero(pricePaid)
    return [
      {
        symbol,
        assetClass: assetClass ?? 'other',
        quantity: wire.positionType === 'SHORT' ? Dec.neg(Dec.abs(quantity)) : quantity,
        averagePrice: known ? pricePaid : null,
        marketValue: wire.marketValue,
        unrealized: known ? wire.totalGain : null,
        currency: USD,
        asOf,
      },
    ]
  })
}

const RETIREMENT = new Map([
  ['ROTHIRA', 'Roth IRA'],
  ['ROTH_IRA', 'Roth IRA'],
  ['CONTRIBUTORYIRA', 'Traditional IRA'],
  ['ROLLOVERIRA', 'Rollover IRA'],
  ['SEPIRA', 'SEP IRA'],
])

/** `PDT_ACCOUNT` as `Pdt account`; short words such as `IRA` stay. */
function titled(word: string): string {
  const known = RETIREMENT.get(word)
  if (known !== undefined) return known
  const text = word.replaceAll('_', ' ')
  if (!/^[A-Z ]{4,}$/.test(text)) return text
  return `${text.slice(0, 1)}${text.slice(1).toLowerCase()}`
}

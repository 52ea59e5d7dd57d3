import type { LotView } from '../../../shared/contract/ledger.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/open.ts'
import type { Lot } from '../ledger/lots/engine.ts'
import { partOf, ratio } from '../ledger/lots/share.ts'
import { isLongTerm } from '../ledger/lots/statistics.ts'
import { toActivityId } from '../store/activity-rows.ts'
import { type HoldingValue, holdingValues, openLots, type OpenLotRow } from '../store/ledger-lots.ts'
import type { ScopedAccount } from '../store/ledger-scope.ts'

/** Decimals of shares of a broker's figure that do not divide evenly; the last share gets the rest. */
const SHARE_PLACES = 4
const UNIT_PLACES = 8

type Narrow = { readonly symbol?: string | undefined; readonly assetClass?: string | undefined }

/** The open lots of some accounts, with what the broker says the holding is worth shared out over them. An account that was removed holds none. */
export function lotViews(reader: Reader, all: readonly ScopedAccount[], scope: Narrow, today: LocalDate): LotView[] {
  const accounts = all.filter(({ isThere }) => isThere)
  const values = holdingValues(reader, accounts)
  return [...Map.groupBy(openLots(reader, accounts, scope), ({ book }) => book).values()].flatMap(lots => {
    const shares = sharesOf(lots, values)
    const whole = wholeGain(lots, values)
    return lots.map((lot, at) => {
      const [cost, marketValue] = [costOf(lot), shares[at] ?? null]
      return {
        accountId: lot.accountId,
        symbol: lot.symbol,
        currency: lot.currency,
        key: lot.key,
        activityId: lot.rowId === null ? null : toActivityId(lot.rowId),
        day: lot.day,
        quantity: lot.quantity,
        cost,
        costPerUnit: cost === null ? null : ratio(cost, Dec.abs(lot.quantity), UNIT_PLACES),
        marketValue,
        unrealized: lots.length === 1 && whole !== undefined ? whole : gain(lot, cost, marketValue),
        isLongTerm: !Dec.isNegative(lot.quantity) && isLongTerm(lot.day, today),
      }
    })
  })
}

/** What a lot took: of a short one, what it brought. Null when nobody knows. */
export function costOf({ quantity, unit, principal, costs }: Lot): Dec | null {
  const whole = unit === null ? principal : Dec.mul(unit, Dec.abs(quantity))
  if (whole === null) return null
  return Dec.isNegative(quantity) ? Dec.sub(whole, costs) : Dec.add(whole, costs)
}

/** A short holding is worth less than nothing, and was paid for with what it brought. */
function gain({ quantity }: Lot, cost: Dec | null, value: Dec | null): Dec | null {
  if (cost === null || value === null) return null
  return Dec.isNegative(quantity) ? Dec.add(value, cost) : Dec.sub(value, cost)
}

/** Of a future, whose price is never paid, so that its value says nothing beside its cost: what its broker says all lots gained. Undefined of anything else. */
function wholeGain(lots: readonly OpenLotRow[], values: ReadonlyMap<string, HoldingValue>): Dec | null | undefined {
  const [first] = lots
  if (first?.assetClass !== 'future') return undefined
  const holding = holdingOf(lots, values)
  return holding && Dec.sum(lots.map(({ quantity }) => quantity)) === holding.quantity ? holding.unrealized : null
}

function holdingOf([first]: readonly OpenLotRow[], values: ReadonlyMap<string, HoldingValue>): HoldingValue | undefined {
  return first && values.get(`${first.accountId}|${first.symbol}|${first.currency}`)
}

function sharesOf(lots: readonly OpenLotRow[], values: ReadonlyMap<string, HoldingValue>): (Dec | null)[] {
  const holding = holdingOf(lots, values)
  if (!holding || Dec.isZero(holding.quantity) || lots[0]?.assetClass === 'future') return lots.map(() => null)
  const isAll = Dec.sum(lots.map(({ quantity }) => quantity)) === holding.quantity
  let left = holding.marketValue
  return lots.map(({ quantity }, at) => {
    const own = isAll && at === lots.length - 1 ? left : partOf(holding.marketValue, quantity, holding.quantity, SHARE_PLACES)
    left = Dec.sub(left, own)
    return own
  })
}

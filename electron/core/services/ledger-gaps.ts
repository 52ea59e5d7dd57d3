import type { GapView } from '../../../shared/contract/ledger.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { formatQuantity } from '../../../shared/words/decimal.ts'
import { formatDate } from '../../../shared/words/time.ts'
import type { Reader } from '../db/open.ts'
import { ratio } from '../ledger/lots/share.ts'
import { wordsFor } from '../reconciliation/words.ts'
import { toActivityId } from '../store/activity-rows.ts'
import { averagePrice, gapsOf, type GapRow, lotsThatLeft } from '../store/ledger-gaps.ts'
import { heldShort } from '../store/short-sales.ts'
import { everyAccount } from '../store/ledger-scope.ts'

/** A transfer shows up in both accounts within so many days. */
const NEAR_DAYS = 10
const PRICE_PLACES = 6

/** What the history does not say, with what Keelson could fill in. */
export function gaps(reader: Reader, accountId?: AccountId): GapView[] {
  return gapsOf(reader, everyAccount(reader, accountId)).map(gap => {
    // A closing of more than there was lacks what it closed.
    const quantity = gap.kind === 'needs-opening-lot' ? Dec.neg(gap.quantity) : gap.quantity
    const { symbol, assetClass, currency, day, kind } = gap
    const lacksPrice = gap.isTrade || gap.isLeft
    const short = gap.isPlainSale ? heldShort(reader, gap.accountId, symbol, currency) : null
    return {
      id: `${gap.account}.${symbol}.${gap.key}`, accountId: gap.accountId, symbol, assetClass, currency, day, quantity, kind, lacksPrice,
      activityId: gap.rowId === null ? null : toActivityId(gap.rowId), sentence: sentenceOf(gap, quantity, short), shortSale: !gap.isPlainSale ? null : short === null ? 'possible' : 'likely',
      suggestions: suggestionsFor(reader, gap, quantity),
    }
  })
}

function sentenceOf({ symbol, day, kind, isTrade, isLeft }: GapRow, quantity: Dec, short: Dec | null): string {
  const { they, them, were } = wordsFor(quantity)
  const [what, when] = [`${formatQuantity(Dec.abs(quantity))} ${symbol}`, formatDate(day)]
  if (isTrade) {
    const [dealt, made] = Dec.isNegative(quantity) ? ['sold', 'this'] : ['bought', `closing ${them}`]
    return `${what} ${were} ${dealt} on ${when}, and nothing says at what price. Until that is told, what ${made} made is not known.`
  }
  if (isLeft) return `${what} left on ${when} beside cash in place of a fraction, and no row says what else came for ${them}. Until ${them === 'it' ? 'its' : 'their'} price is told, what this made is not known.`
  if (kind === 'unknown-cost') return `${what} came in on ${when}, and nothing says what ${they} cost. Until that is told, what closing ${them} made is not known.`
  if (short !== null) return `${what} ${were} sold on ${when} that the history never shows bought. Your broker holds ${formatQuantity(short)}${them === 'it' ? '' : ' of them'} short now, so most likely this was a short sale.`
  return Dec.isNegative(quantity)
    ? `${what} ${were} bought back or taken in on ${when} that the history never shows sold short. What opened ${them} is missing.`
    : `${what} ${were} sold or left on ${when} that the history never shows bought. What opened ${them} is missing.`
}

function suggestionsFor(reader: Reader, gap: GapRow, quantity: Dec): GapView['suggestions'] {
  // What is held cost nothing of what a sale brought.
  if (gap.isLeft || (gap.isTrade && Dec.isNegative(quantity))) return []
  const near = { from: LocalDate.plusDays(gap.day, -NEAR_DAYS), to: LocalDate.plusDays(gap.day, NEAR_DAYS) }
  const left = gap.kind === 'unknown-cost' && !gap.isTrade ? lotsThatLeft(reader, gap.account, gap.symbol, near) : []
  const moved = left.map(lot => {
    const units = lot.multiplier === null ? Dec.zero : Dec.mul(lot.quantity, lot.multiplier)
    const price = lot.cost === null || Dec.isZero(units) ? null : ratio(lot.cost, Dec.abs(units), PRICE_PLACES)
    return { label: `${formatQuantity(Dec.abs(lot.quantity))} that left ${lot.accountName} on ${formatDate(lot.day)}`, day: lot.openDay, quantity: lot.quantity, price, source: 'ledger' }
  })
  const average = averagePrice(reader, gap.accountId, gap.symbol, gap.currency)
  const stated = average === null ? [] : [{ label: 'The average price your broker states', day: gap.day, quantity, price: average, source: 'broker' }]
  return [...moved, ...stated]
}

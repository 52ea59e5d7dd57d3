import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/open.ts'
import { underlyingOf, type Wash, WASH_DAYS, washSales } from '../ledger/lots/wash.ts'
import { closingsBetween, dealsBetween, flatPlaces, type Span, symbolsBeginning } from '../store/ledger-closings.ts'
import { everyAccount, type ScopedAccount } from '../store/ledger-scope.ts'

/** What of a closing tells whether it is a loss, and when. */
export interface LossLike {
  readonly accountId: AccountId
  readonly symbol: string
  readonly openKey: string
  readonly closeKey: string
  readonly closeDay: LocalDate
  readonly pnl: Dec | null
}

interface Named extends Pick<LossLike, 'symbol' | 'openKey' | 'closeKey'> {
  readonly accountId: string
}

const nameOf = ({ accountId, symbol, openKey, closeKey }: Named): string => JSON.stringify([accountId, symbol, openKey, closeKey])

/** Answers which losses a purchase may disallow, over all accounts of the same kind of money. */
export function washesOf(reader: Reader, closings: readonly LossLike[]): (closing: Named) => Wash | null {
  const losses = closings.filter(({ pnl }) => pnl !== null && Dec.isNegative(pnl))
  const [first] = losses
  if (!first) return () => null
  const accounts = peersOf(reader, first.accountId)
  const found = new Map<string, Wash>()
  for (const [root, own] of Map.groupBy(losses, ({ symbol }) => underlyingOf(symbol))) {
    const symbols = symbolsBeginning(reader, accounts, withoutClass(root)).filter(symbol => underlyingOf(symbol) === root)
    for (const span of spansAround(own.map(({ closeDay }) => closeDay))) {
      const all = closingsBetween(reader, accounts, symbols, span)
      const washes = washSales(all, dealsBetween(reader, accounts, symbols, span), flatPlaces(reader, accounts, symbols, span))
      all.forEach((closing, at) => {
        const wash = washes[at]
        if (wash) found.set(nameOf({ ...closing, accountId: closing.account }), wash)
      })
    }
  }
  return closing => found.get(nameOf(closing)) ?? null
}

/** What every spelling of a root begins with: a class is its last letter. */
const withoutClass = (root: string): string => (root.length > 3 ? root.slice(0, -1) : root)

/** The days to look at for losses on some days, as few as there are; windows that meet are one. One window more on each side: what was replaced there is used up there. */
function spansAround(days: readonly LocalDate[]): Span[] {
  const spans: Span[] = []
  for (const day of days.toSorted()) {
    const own = { from: LocalDate.plusDays(day, -3 * WASH_DAYS), to: LocalDate.plusDays(day, 2 * WASH_DAYS) }
    const last = spans.at(-1)
    if (last && own.from <= last.to) spans[spans.length - 1] = { from: last.from, to: own.to }
    else spans.push(own)
  }
  return spans
}

/** The accounts whose purchases count for those of one: all that hold the same kind of money. */
function peersOf(reader: Reader, accountId: AccountId): ScopedAccount[] {
  return everyAccount(reader).filter(({ environment }, _at, all) => environment === all.find(other => other.accountId === accountId)?.environment)
}

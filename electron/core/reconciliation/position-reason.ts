import { Dec } from '../../../shared/domain/decimal.ts'
import { parseOcc } from '../../../shared/domain/instrument.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { formatQuantity } from '../../../shared/words/decimal.ts'
import { formatDate } from '../../../shared/words/time.ts'
import type { AccountFacts, Finding, Gap } from './facts.ts'
import { isCutOff, possessive, READ_HISTORY, unsettledDays, WAIT } from './history-reason.ts'
import { ownPosition } from './own-entry.ts'
import { splitOf } from './splits.ts'
import { priceText, wordsFor } from './words.ts'

/** A broker tells the end of an option some days after it, over a weekend four. */
const EXPIRY_DAYS = 4

/** The likely reason of a difference in quantity, the surest first. */
export function positionFinding(facts: AccountFacts, gap: Gap): Finding {
  if (!facts.history.isWhole) return READ_HISTORY
  return (
    pending(facts, gap) ??
    expired(facts, gap) ??
    ownPosition(facts, gap) ??
    soldShort(facts, gap) ??
    split(facts, gap) ??
    otherSide(facts, gap) ??
    (holdsMore(gap) ? cameBefore(facts, gap) : wentAway(facts, gap))
  )
}

function pending(facts: AccountFacts, { symbol, difference }: Gap): Finding | null {
  const untold = facts.untold.filter(fill => fill.symbol === symbol)
  if (untold.length > 0 && Dec.sum(untold.map(({ change }) => change)) === difference) {
    return {
      reason: 'pending',
      sentence: `An order filled, and ${possessive(facts.broker)} history does not show the fill yet.`,
      fix: WAIT,
    }
  }
  const changes = unsettledDays(facts.today).map(day =>
    Dec.sum(facts.recent.flatMap(row => (row.symbol === symbol && row.change !== null && row.tradeDate >= day ? [row.change] : []))),
  )
  if (!changes.some(change => !Dec.isZero(change) && Dec.neg(change) === difference)) return null
  return {
    reason: 'pending',
    sentence: `It is what was traded in the last days: ${facts.broker} counts it once it has settled.`,
    fix: WAIT,
  }
}

function expired({ broker, today }: AccountFacts, { symbol, bookedIn, ledger, broker: stated }: Gap): Finding | null {
  const contract = parseOcc(symbol)
  if (!contract || !Dec.isZero(stated) || contract.expiry > today) return null
  if (LocalDate.plusDays(contract.expiry, EXPIRY_DAYS) >= today) {
    return {
      reason: 'pending',
      sentence: `It expired on ${formatDate(contract.expiry)}. ${broker} took it off and writes the row about it within some days.`,
      fix: WAIT,
    }
  }
  return {
    reason: 'assignment',
    sentence: `It expired on ${formatDate(contract.expiry)}, and ${possessive(broker)} history has no row that says whether it expired worthless, was assigned or exercised.`,
    fix: {
      kind: 'close-out',
      label: 'Close it at 0',
      detail: `Closes ${formatQuantity(Dec.abs(ledger))} ${symbol} at 0 on ${formatDate(contract.expiry)}, as one that expired worthless.`,
      parts: [
        {
          kind: 'row',
          what: 'ended',
          symbol,
          assetClass: 'option',
          currency: bookedIn,
          day: contract.expiry,
          quantity: Dec.neg(ledger),
          price: Dec.zero,
        },
      ],
    },
  }
}

/** What the broker holds less is just what the history sold without ever having bought it. */
function soldShort({ broker }: AccountFacts, { symbol, difference, broker: stated, book }: Gap): Finding | null {
  const sales = book?.soldUnheld ?? []
  const quantity = Dec.sum(sales.map(sale => sale.quantity))
  if (Dec.isZero(quantity) || Dec.neg(quantity) !== difference) return null
  const holds = Dec.isNegative(stated) ? `, and ${broker} holds ${formatQuantity(Dec.abs(stated))} short` : ''
  return {
    reason: 'short-sale',
    sentence: `The history sells ${formatQuantity(quantity)} ${symbol} that it never bought${holds}: most likely a short sale, which ${possessive(broker)} rows do not tell from any other.`,
    fix: {
      kind: 'short-sale',
      label: 'It was a short sale',
      detail: `Counts ${formatQuantity(quantity)} ${symbol} as sold short by ${sales.length === 1 ? 'that row' : 'those rows'}; what was bought later covers ${wordsFor(quantity).them}. Take it back at the row.`,
      parts: [],
      opensShort: { symbol, rows: sales.map(({ row }) => row) },
    },
  }
}

function split({ broker, today, movesOf }: AccountFacts, gap: Gap): Finding | null {
  const found = splitOf(gap, movesOf(gap.symbol), today)
  if (!found) return null
  const { symbol, assetClass, bookedIn, ledger, broker: stated } = gap
  const { to, from, day, change } = found
  return {
    reason: 'split',
    sentence: `${formatQuantity(stated)} for ${formatQuantity(ledger)}, at prices that changed as much, is a split of ${to} for ${from}, and ${possessive(broker)} history has no row of it.`,
    fix: {
      kind: 'split',
      label: `Book the split ${to}:${from}`,
      detail: `Changes what was held on ${formatDate(day)} by ${formatQuantity(change)} ${symbol}; what was paid stays.`,
      parts: [{ kind: 'row', what: 'split', symbol, assetClass, currency: bookedIn, day, quantity: change, price: null }],
    },
  }
}

/** A short holding in place of a long one is in no history that only lacks its beginning. */
function otherSide({ broker }: AccountFacts, { symbol, ledger, broker: stated }: Gap): Finding | null {
  if (!Dec.isNegative(stated) || Dec.isNegative(ledger) || Dec.isZero(ledger)) return null
  return { reason: 'unknown', sentence: `The two are on different sides. Only ${broker} can tell what happened to ${symbol}.`, fix: null }
}

/** True when the broker holds something, on the same side, that the history does not bring. */
function holdsMore({ broker, difference }: Gap): boolean {
  return !Dec.isZero(broker) && Dec.isNegative(broker) === Dec.isNegative(difference)
}

function cameBefore(facts: AccountFacts, gap: Gap): Finding {
  const { symbol, currency, bookedIn, held, book, difference } = gap
  const day = openingDay(facts, gap)
  // What was sold without being there came in with the rest.
  const guess = Dec.add(difference, book?.missing ?? Dec.zero)
  if (Dec.isZero(guess))
    return {
      reason: 'unknown',
      sentence: `The history closes more ${symbol} than it opens, and ${facts.broker} holds just that on the other side: what opened it is missing.`,
      fix: null,
    }
  const quantity = settling(facts.heldWith(symbol, bookedIn), gap, { day, guess })
  if (quantity === null)
    return {
      reason: 'unknown',
      sentence: `The history closes more ${symbol} than it opens, and no lot from before it makes up for that: rows in between are missing, which only ${facts.broker} can tell.`,
      fix: null,
    }
  const isAll = book === null || (Dec.isZero(book.quantity) && Dec.isZero(book.missing))
  const price = isAll && bookedIn === currency ? (held?.averagePrice ?? null) : null
  const cost = price === null ? 'at a cost to be filled in' : `at ${possessive(facts.broker)} average price of ${priceText(price, currency)}`
  const isCut = isCutOff(facts.history)
  const what = sized(quantity, symbol)
  const { they, were } = wordsFor(quantity)
  const how = Dec.isNegative(quantity) ? `${they} ${were} sold short, or moved in, without a row` : `${they} ${were} transferred in, or given without a row`
  return {
    reason: isCut ? 'range-not-fetched' : 'missing-transfer',
    sentence: isCut
      ? `${possessive(facts.broker)} history begins on ${facts.history.from === null ? 'a later day' : formatDate(facts.history.from)}: what was held before is in no row.`
      : `No row says where ${what} came from; most likely ${how}.`,
    fix: {
      kind: 'opening-lot',
      label: `Add ${what} as an opening lot`,
      detail: `From before the history, ${cost}.`,
      parts: [{ kind: 'lot', symbol, currency: bookedIn, day, quantity, price }],
    },
  }
}

/** How often a guess is held to what comes of it: what a lot from before is closed by, or leaves to close, depends on how large it is. */
const TRIES = 3

/** The size of a lot from before the history with which the two agree; null where none on the side of the difference is found. The guess where it is too much to compute. */
function settling(heldWith: ReturnType<AccountFacts['heldWith']>, { difference, book }: Gap, { day, guess }: { readonly day: LocalDate; readonly guess: Dec }): Dec | null {
  const wanted = Dec.add(book?.quantity ?? Dec.zero, difference)
  const isLike = (size: Dec): boolean => !Dec.isZero(size) && Dec.isNegative(size) === Dec.isNegative(difference)
  const first = isLike(guess) ? guess : difference
  let quantity = first
  for (let turn = 0; turn < TRIES && isLike(quantity); turn += 1) {
    const held = heldWith({ day, quantity })
    if (held === null) return first
    const left = Dec.sub(wanted, held)
    if (Dec.isZero(left)) return quantity
    quantity = Dec.add(quantity, left)
  }
  return null
}

/** `20 AAPL`, `20 AAPL held short` */
function sized(quantity: Dec, symbol: string): string {
  return `${formatQuantity(Dec.abs(quantity))} ${symbol}${Dec.isNegative(quantity) ? ' held short' : ''}`
}

function openingDay({ history, today }: AccountFacts, { book }: Gap): LocalDate {
  const days = [history.firstDay, book?.firstDay ?? null, today].filter(day => day !== null)
  return LocalDate.plusDays(
    days.reduce((a, b) => (a < b ? a : b)),
    -1,
  )
}

function wentAway({ broker, today }: AccountFacts, { symbol, assetClass, bookedIn, difference }: Gap): Finding {
  const what = sized(Dec.neg(difference), symbol)
  const { they, them, were } = wordsFor(difference)
  return {
    reason: 'missing-transfer',
    sentence: `No row says where ${what} went; most likely ${they} ${were} transferred out, or closed by a row ${broker} does not show.`,
    fix: {
      kind: 'close-out',
      label: `Take ${what} out`,
      detail: `Books ${them} as moved elsewhere today with what ${they} cost: nothing is realized.`,
      parts: [{ kind: 'row', what: 'delivered', symbol, assetClass, currency: bookedIn, day: today, quantity: difference, price: null }],
    },
  }
}

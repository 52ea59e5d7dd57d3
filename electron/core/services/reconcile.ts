import type { BrokerId } from '../../../shared/domain/broker.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay, toLocalDate } from '../../../shared/domain/time.ts'
import { formatQuantity } from '../../../shared/words/decimal.ts'
import { formatDate } from '../../../shared/words/time.ts'
import type { Db, Reader } from '../db/open.ts'
import { heldWith } from '../ledger/held-with.ts'
import type { Clock } from '../ports.ts'
import { differencesOf } from '../reconciliation/compare.ts'
import type { AccountFacts, FixPlan, OwnEntry } from '../reconciliation/facts.ts'
import { accountsOf } from '../store/accounts.ts'
import { balancesOf } from '../store/balances.ts'
import { driftsOf, reconciledAt, replaceDrifts } from '../store/drifts.ts'
import { readHistory } from '../store/history.ts'
import { toldOpenings } from '../store/ledger-words.ts'
import { accountNumber } from '../store/ledger-scope.ts'
import { futuresTraded } from '../store/futures-traded.ts'
import { brokerOf } from '../store/portfolio-accounts.ts'
import { positionsOf } from '../store/positions.ts'
import { unitPrice } from '../store/price-marks.ts'
import {
  activitiesSince,
  filledSince,
  firstRowDay,
  type LedgerBook,
  ledgerBooks,
  ledgerCash,
  movesOf,
  unstatedRows,
  waitsForLedger,
} from '../store/reconciliation-facts.ts'
import { fixCash, fixesOf, groupOf } from '../store/reconciliation-fixes.ts'

export interface ReconcileDeps {
  readonly db: Db
  readonly clock: Clock
  readonly brokerName: (id: BrokerId) => string
}

const RECENT_DAYS = 8

const AT_IBKR = { isAtOnce: true, advice: 'Tick the section Statement of Funds in the Flex query and sync, and it is told day by day.' }

/** Holds every account of a connection that is not left out against what its broker stated last. Answers whether any was. */
export function reconcileConnection(deps: ReconcileDeps, connectionId: ConnectionId): boolean {
  const accounts = accountsOf(deps.db.reader, connectionId).filter(({ excluded }) => !excluded)
  return accounts.map(({ id }) => reconcileAccount(deps, id)).some(Boolean)
}

/**
 * Holds one account against its broker and keeps what differs. An account whose ledger still waits to be computed, or that no broker
 * ever told of, is left as it is; then the answer is false.
 */
export function reconcileAccount(deps: ReconcileDeps, accountId: AccountId): boolean {
  const { db, clock } = deps
  const facts = factsOf(deps, accountId)
  if (!facts) return false
  const found = differencesOf(facts)
  replaceDrifts<FixPlan>(db.writer, accountId, found, clock.now())
  return true
}

/** What an account is compared by; null where there is nothing to compare yet. */
export function factsOf({ db, clock, brokerName }: ReconcileDeps, accountId: AccountId): AccountFacts | null {
  const { reader } = db
  const broker = brokerOf(reader, accountId)
  const history = readHistory(reader, accountId)
  const balances = balancesOf(reader, accountId)
  const positions = positionsOf(reader, accountId)
  if (!broker || !history || (balances.length === 0 && positions.length === 0) || waitsForLedger(reader, accountId)) return null
  const today = toLocalDate(clock.now(), EXCHANGE_ZONE)
  const recent = activitiesSince(reader, accountId, LocalDate.plusDays(today, -RECENT_DAYS))
  const told = new Set(recent.map(({ orderId }) => orderId))
  const since = startOfDay(LocalDate.plusDays(today, -RECENT_DAYS), EXCHANGE_ZONE)
  const extra = fixCash(reader, accountId)
  const books = ledgerBooks(reader, accountId)
  const cash = ledgerCash(reader, accountId)
  for (const { currency, amount } of [...extra, ...currenciesTraded(books)])
    cash.set(currency, Dec.add(cash.get(currency) ?? Dec.zero, amount))
  return {
    broker: brokerName(broker),
    today,
    positions: positions.map(position => ({ ...position, price: unitPrice(position) })),
    balances: balances.flatMap(({ currency, cash: stated, asOf }) => (stated === null ? [] : [{ currency, cash: stated, asOf }])),
    books,
    cash,
    unstatedIn: currency => unstatedRows(reader, accountId, currency),
    futuresIn: currency => ({ ...futuresTraded(reader, accountId, currency), ...(broker === 'ibkr' ? AT_IBKR : { isAtOnce: false, advice: null }) }),
    opened: new Set(extra.flatMap(({ currency, word }) => (word === 'opening' ? [currency] : []))),
    recent,
    untold: filledSince(reader, accountId, since).flatMap(({ externalId, symbol, side, filled, price, at }) =>
      told.has(externalId) ? [] : [{ symbol, change: side === 'sell' ? Dec.neg(filled) : filled, price, at }],
    ),
    history: {
      isWhole: history.done && history.completeFrom !== null,
      from: history.completeFrom ?? history.from,
      firstDay: firstRowDay(reader, accountId),
    },
    heldWith: heldWith(db.writer, accountNumber(reader, accountId) ?? 0),
    movesOf: symbol => movesOf(reader, accountId, symbol),
    added: ownEntries(reader, accountId),
  }
}

/** What the user added to an account's history. A fix is taken for too much only when a row shows it, so none counts as new. */
function ownEntries(reader: Reader, accountId: AccountId): OwnEntry[] {
  const fixes = fixesOf(reader).filter(fix => fix.accountId === accountId)
  const known = new Set(fixes.map(({ id }) => id))
  const checkedAt = reconciledAt(reader).get(accountId)
  const tooMuch = new Set(driftsOf<FixPlan>(reader, accountId).flatMap(({ fix }) => fix?.takesBack?.id ?? []))
  return [
    ...fixes.flatMap(({ id, word, symbol, currency, amount, day, detail, at }) =>
      word === 'lot-taken-out'
        ? []
        : [{ takesBack: { kind: 'fix' as const, id: groupOf(id) }, row: id, at, day, symbol, currency, change: amount, label: detail.label, isNew: false }],
    ),
    ...toldOpenings(reader, accountId)
      .filter(({ id }) => !known.has(id))
      .map(({ id, symbol, currency, quantity, day, createdAt }) => ({
        takesBack: { kind: 'lot' as const, id },
        row: id,
        at: createdAt,
        day,
        symbol,
        currency,
        change: quantity,
        label: `the opening lot of ${formatQuantity(quantity)} ${symbol} of ${formatDate(day)}`,
        isNew: checkedAt === undefined || Instant.isBefore(checkedAt, createdAt) || tooMuch.has(id),
      })),
  ]
}

/** What trades of currencies moved in the currency that was traded: their rows state the money that was paid for it alone. */
function currenciesTraded(books: readonly LedgerBook[]): { readonly currency: string; readonly amount: Dec }[] {
  return books.flatMap(({ symbol, assetClass, quantity }) => {
    const [, currency] = assetClass === 'forex' ? (/^([A-Z]{3})[./]?[A-Z]{3}$/.exec(symbol) ?? []) : []
    return currency === undefined ? [] : [{ currency, amount: quantity }]
  })
}

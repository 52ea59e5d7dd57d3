import { AccountIdSchema } from '../../../shared/contract/schemas.ts'
import type { RealizationView } from '../../../shared/contract/ledger.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { Reader } from '../db/open.ts'
import type { Clock } from '../ports.ts'
import { isWashable, underlyingOf } from '../ledger/lots/wash.ts'
import { everyAccount, type ScopedAccount } from '../store/ledger-scope.ts'
import { saidOfRows, type WashBook, washBooks } from '../store/ledger-washes.ts'
import { isCurrent, type KeptWashes, refreshed, washOf } from './kept-washes.ts'
import { createShelf, type Shelf } from './shelf.ts'

interface Instrument {
  readonly accountId: AccountId
  readonly symbol: string
  readonly assetClass: string | null
}

/** What of a closing tells whether it is a loss, and which. */
export interface LossLike extends Instrument {
  readonly book: number
  readonly place: number
  readonly pnl: Dec | null
}

/** What of a run tells whether it may hold a loss, and which it is. */
export interface RunLike extends Instrument {
  readonly book: number
  readonly trip: number
}

export const isLoss = ({ pnl }: Pick<LossLike, 'pnl'>): boolean => pnl !== null && Dec.isNegative(pnl)

type WashView = NonNullable<RealizationView['wash']>

/** Replaced losses that are kept at most, of the roots that were asked for last; some thirty megabytes. Those of one page may be more, and are then kept alone. */
const MOST_KEPT = 300_000

const keptOf = new WeakMap<Reader, Shelf<KeptWashes>>()

/** Begins to keep what is worked out for a reader. */
export function keepWashes(reader: Reader, most: number = MOST_KEPT): Shelf<KeptWashes> {
  const shelf = createShelf<KeptWashes>(most)
  keptOf.set(reader, shelf)
  return shelf
}

const shelfOf = (reader: Reader): Shelf<KeptWashes> => keptOf.get(reader) ?? keepWashes(reader)

/**
 * Answers which losses a purchase may disallow, over all accounts of the same kind of money. What replaces what is worked out over the whole history of
 * an instrument and what is about it, so it is the same whatever else is asked for.
 */
export function washesOf<C extends LossLike>(reader: Reader, closings: readonly C[]): (closing: C) => WashView | null {
  const found = new Map<C, WashView>()
  eachRoot(reader, closings.filter(isLoss), (kept, own, idOf) => {
    for (const closing of own) {
      const wash = washOf(kept, closing)
      if (wash) found.set(closing, { disallowed: wash.disallowed, replacements: wash.replacements.map(({ account, day, quantity }) => ({ accountId: idOf(account), day, quantity })) })
    }
  })
  return closing => found.get(closing) ?? null
}

/** The runs that hold a loss a purchase may disallow. */
export function washedRuns<R extends RunLike>(reader: Reader, runs: readonly R[]): Set<R> {
  const found = new Set<R>()
  eachRoot(reader, runs, (kept, own) => {
    for (const run of own) if (kept.runs.get(run.book)?.has(run.trip) === true) found.add(run)
  })
  return found
}

/** Who waits for something long, and the clock that says when everybody else has waited long enough for it. */
export interface InTurns {
  readonly signal: AbortSignal
  readonly clock: Pick<Clock, 'monotonicMs'>
}

/** How long others wait at a time; one large instrument takes longer by itself. */
const TURN_MS = 20

/**
 * Brings what a page of some losses or runs needs up to date, with a turn for everybody else whenever it has taken some time: all of it
 * at once holds up the window for a second. The page itself looks again at what changed meanwhile.
 */
export async function workedOut(reader: Reader, all: readonly Instrument[], { signal, clock }: InTurns): Promise<void> {
  let began = clock.monotonicMs()
  const roots = rootsOf(reader, all)
  const bring = bringer(reader, roots)
  for (const root of roots) {
    if (isCurrent(root.books, shelfOf(reader).get(root.name))) continue
    bring(root)
    if (clock.monotonicMs() - began < TURN_MS) continue
    await new Promise(resolve => setImmediate(resolve))
    signal.throwIfAborted()
    began = clock.monotonicMs()
  }
}

interface Root<T> {
  readonly name: string
  readonly own: readonly T[]
  readonly books: readonly WashBook[]
  readonly idOf: (account: string) => AccountId
}

/** What is asked about, by environment and root, with the books of each. */
function rootsOf<T extends Instrument>(reader: Reader, all: readonly T[]): Root<T>[] {
  const asked = all.filter(isWashable)
  if (asked.length === 0) return []
  const accounts = everyAccount(reader)
  const environmentOf = new Map(accounts.map(({ accountId, environment }) => [accountId, environment]))
  const idOf = (account: string): AccountId => AccountIdSchema.parse(accounts.find(({ n }) => String(n) === account)?.accountId)
  return [...Map.groupBy(asked, ({ accountId }) => environmentOf.get(accountId))].flatMap(([environment, own]) => {
    if (environment === undefined) return []
    const byRoot = Map.groupBy(own, ({ symbol }) => underlyingOf(symbol))
    const books = washBooks(reader, numbersIn(accounts, environment), new Set(byRoot.keys()))
    return [...byRoot].map(([root, some]) => ({ name: `${environment}|${root}`, own: some, books: books.get(root) ?? [], idOf }))
  })
}

type Ask<T> = (kept: KeptWashes, own: readonly T[], idOf: (account: string) => AccountId) => void

/** Asks of what is kept of each root, brought up to date. Another process or thread may have changed any book since, so all are looked at each time. */
function eachRoot<T extends Instrument>(reader: Reader, all: readonly T[], ask: Ask<T>): void {
  const roots = rootsOf(reader, all)
  const bring = bringer(reader, roots)
  for (const root of roots) ask(bring(root), root.own, root.idOf)
}

type Brought = Pick<Root<unknown>, 'name' | 'books'>

/**
 * Brings what is kept of some roots up to date, one at a time. What the user says is read once, when it is first needed: never before the books, so that
 * what he says behind their stamps at most makes it stale, which the next look at the stamps finds.
 */
function bringer(reader: Reader, roots: readonly Brought[]): (root: Brought) => KeptWashes {
  const needed = new Set(roots.map(({ name }) => name))
  let told: ReturnType<typeof saidOfRows> | undefined
  const said = (): NonNullable<typeof told> => (told ??= saidOfRows(reader))
  return ({ name, books }) => shelfOf(reader).bring(name, needed, before => refreshed(reader, books, before, said))
}

const numbersIn = (accounts: readonly ScopedAccount[], environment: ScopedAccount['environment']): number[] =>
  accounts.filter(one => one.environment === environment).map(({ n }) => n)

import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import type { Writer } from '../db/connection.ts'
import { type DirtyDay, type DirtyMark, dirtyDays, dirtyMarks, dropDay, dropMark, hasMarks, markSymbol, WHOLE, WHOLE_BEGUN } from '../store/ledger-dirty.ts'
import { exchangesOfBooks, saveExchanges } from '../store/ledger-exchanges.ts'
import { learnUnits } from '../store/opening-units.ts'
import { type AccountContext, accountContext } from './account-context.ts'
import { updateSymbol } from './books.ts'
import { updateCashDay } from './cash-days.ts'
import type { Exchange } from './lots/exchanges.ts'
import { computeAccount } from './whole-account.ts'

/** Marks a transaction takes, about. */
const MARKS_AT_ONCE = 40
const DAYS_AT_ONCE = 100
const SOME_DAYS = 20
/** Marks looked at for one that may be tried. */
const MOST_MARKS = 5000

/** What one step did. */
export interface WorkStep {
  readonly more: boolean
  /** Books and days written. */
  readonly changed: number
  /** Instruments that could not be computed, by the code of why. They stay marked, and are not tried again in this run. */
  readonly failed: readonly ErrorCode[]
}

/** Computes what waits, a transaction a step: what was computed and the end of its mark are committed together. */
export interface LedgerWork {
  /** `at` in microseconds is when. After a step without more the next one begins a new run, which tries what failed again. */
  step(at: number): WorkStep
}

export function createLedgerWork(writer: Writer): LedgerWork {
  let whole: Generator<number> | undefined
  let failures: ErrorCode[] = []
  const skipped = new Set<string>()

  const fail = (account: number, symbol: string, error: unknown): void => {
    skipped.add(`${account}|${symbol}`)
    failures.push(error instanceof AppError ? error.code : 'app/internal')
  }
  function next(at: number): { changed: number; more: boolean } {
    const going = whole?.next()
    if (going?.done === false) return { changed: going.value, more: true }
    whole = undefined
    // Asked after every step, so it has to cost nothing when nothing waits.
    if (!hasMarks(writer)) return { changed: 0, more: false }
    const marks = dirtyMarks(writer, MOST_MARKS).filter(({ account, symbol }) => !skipped.has(`${account}|${symbol}`))
    const [first] = marks
    if (first && (first.symbol === WHOLE || first.symbol === WHOLE_BEGUN)) {
      whole = computeAccount(writer, first.account, { at, onFailure: fail })
      return { changed: 0, more: true }
    }
    const changed = first ? updateMarks(writer, marks.filter(({ account }) => account === first.account).slice(0, MARKS_AT_ONCE), at, fail) : updateDays(writer)
    return { changed, more: changed > 0 }
  }
  return {
    step(at) {
      failures = []
      try {
        const { changed, more } = next(at)
        if (!more) skipped.clear()
        return { changed, more, failed: failures }
      } catch (error) {
        whole = undefined
        throw error
      }
    },
  }
}

type Fail = (account: number, symbol: string, error: unknown) => void

/** Marks of one account: one that fails holds up no other. All at once first, because a savepoint for each is much of what a small one takes; where one fails nothing is written, and each is done again on its own. */
function updateMarks(writer: Writer, marks: readonly DirtyMark[], at: number, fail: Fail): number {
  const { account = 0 } = marks[0] ?? {}
  try {
    return writer.tx(w => updateAll(w, account, marks, at, (_, update) => update()))
  } catch {
    return writer.tx(w =>
      updateAll(w, account, marks, at, ({ symbol }, update) => {
        try {
          w.tx(update)
        } catch (error) {
          fail(account, symbol, error)
        }
      }),
    )
  }
}

type Guard = (mark: DirtyMark, update: () => void) => void

function updateAll(writer: Writer, account: number, marks: readonly DirtyMark[], at: number, guard: Guard): number {
  const learned = learnUnits(writer, account)
  const context = accountContext(writer, account)
  for (const mark of marks)
    guard(mark, () => {
      dropMark(writer, account, mark.symbol)
      updateSymbol(writer, learned.has(mark.symbol) ? { ...mark, sortAt: 0, id: 0 } : mark, context, at)
    })
  followExchanges(writer, context, marks)
  // The few days of a few fills go along, so that a new fill is one transaction.
  const days = dirtyDays(writer, SOME_DAYS + 1)
  if (days.length <= SOME_DAYS) for (const one of days) if (one.account === account) updateDay(writer, one, context)
  return marks.length
}

/** Where instruments became others by other rows than before, both are computed anew. */
function followExchanges(writer: Writer, { account, exchanges, hasReadExchanges }: AccountContext, marks: readonly DirtyMark[]): void {
  if (!hasReadExchanges()) return
  // A split out of a name that held nothing is one of the new name, and its books keep no trace of it: that a row changed is told by its mark.
  const touched = new Set(marks.filter(({ id }) => id !== 0).map(({ symbol }) => symbol))
  for (const { split, fromSymbol, toSymbol } of exchanges()) if (split && touched.has(fromSymbol)) markSymbol(writer, account, toSymbol)
  const keyOf = (one: Exchange): string => JSON.stringify([one.outId, one.inId, one.fromSymbol, one.toSymbol, one.quantity])
  const [before, after] = [exchangesOfBooks(writer, account), exchanges()]
  const [known, now] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))]
  const changed = [...before.filter(one => !now.has(keyOf(one))), ...after.filter(one => !known.has(keyOf(one)))]
  if (changed.length === 0) return
  saveExchanges(writer, account, after)
  for (const { fromSymbol, toSymbol } of changed) {
    markSymbol(writer, account, fromSymbol)
    markSymbol(writer, account, toSymbol)
  }
}

function updateDays(writer: Writer): number {
  if (dirtyDays(writer, 1).length === 0) return 0
  return writer.tx(w => {
    const days = dirtyDays(w, DAYS_AT_ONCE)
    const contexts = new Map<number, AccountContext>()
    for (const one of days) {
      const context = contexts.get(one.account) ?? accountContext(w, one.account)
      contexts.set(one.account, context)
      updateDay(w, one, context)
    }
    return days.length
  })
}

function updateDay(writer: Writer, one: DirtyDay, { overrides }: AccountContext): void {
  updateCashDay(writer, one.account, one.day, overrides)
  dropDay(writer, one)
}

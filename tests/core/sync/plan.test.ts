import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { advance, type HistoryState, planRanges, planSync, type RangeJob } from '../../../electron/core/sync/plan.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { LocalDate } from '../../../shared/domain/time.ts'

const day = (text: string): LocalDate => LocalDate.of(text)
const facts = { today: day('2026-11-20'), historyStart: day('2023-01-01'), overlapDays: 7 }
const done: HistoryState = {
  from: day('2026-11-01'),
  to: day('2026-11-18'),
  cursor: null,
  done: true,
  completeFrom: day('2023-01-01'),
  completeTo: day('2026-11-18'),
}

describe('the plan', () => {
  test('reads everything the broker keeps when nothing is known', () => {
    expect(planRanges(undefined, facts)).toEqual([{ from: '2023-01-01', to: '2026-11-20', cursor: null }])
  })

  test('reads a finished history again from the overlap', () => {
    expect(planRanges(done, facts)).toEqual([{ from: '2026-11-11', to: '2026-11-20', cursor: null }])
  })

  test('never reaches back behind the first complete day', () => {
    expect(planRanges({ ...done, completeFrom: day('2026-11-16') }, facts)).toEqual([
      { from: '2026-11-16', to: '2026-11-20', cursor: null },
    ])
  })

  test('goes on where an earlier run was stopped, then reads the days since', () => {
    const open: HistoryState = { ...done, from: day('2023-01-01'), cursor: 'page-7', done: false, completeFrom: null, completeTo: null }
    expect(planRanges(open, facts)).toEqual([
      { from: '2023-01-01', to: '2026-11-18', cursor: 'page-7' },
      { from: '2026-11-11', to: '2026-11-20', cursor: null },
    ])
    expect(planRanges({ ...open, to: day('2026-11-20') }, facts)).toEqual([
      { from: '2023-01-01', to: '2026-11-20', cursor: 'page-7' },
      { from: '2026-11-13', to: '2026-11-20', cursor: null },
    ])
  })

  test('tells the user one span for each account', () => {
    const open: HistoryState = { ...done, from: day('2023-01-01'), cursor: 'page-7', done: false }
    const accounts = [{ id: 'acc_1' as AccountId }, { id: 'acc_2' as AccountId }]
    const jobs = planSync(accounts, new Map([['acc_2' as AccountId, open]]), facts)
    expect(jobs.map(job => job.account)).toEqual(accounts)
    expect(jobs.map(job => job.requested)).toEqual([
      { from: '2023-01-01', to: '2026-11-20' },
      { from: '2023-01-01', to: '2026-11-20' },
    ])
  })

  test("keeps its ground when the machine's clock goes back", () => {
    expect(planRanges(done, { ...facts, today: day('2026-11-15') })).toEqual([{ from: '2026-11-11', to: '2026-11-18', cursor: null }])
    expect(planRanges(undefined, { ...facts, today: day('2022-01-01') })).toEqual([{ from: '2022-01-01', to: '2022-01-01', cursor: null }])
  })
})

/** A broker of one row a day, two a page, newest first; a run may be stopped after any page. */
function read(
  range: RangeJob,
  seen: Map<LocalDate, number>,
  history: HistoryState | undefined,
  pages: number,
): { history: HistoryState | undefined; left: number } {
  let state = history
  let at = range.cursor === null ? range.to : day(range.cursor)
  let left = pages
  while (left > 0) {
    const rows = [at, LocalDate.plusDays(at, -1)].filter(one => one >= range.from)
    for (const one of rows) seen.set(one, (seen.get(one) ?? 0) + 1)
    at = LocalDate.plusDays(at, -2)
    left -= 1
    state = advance(state, range, at < range.from ? null : at)
    if (state.done) break
  }
  return { history: state, left }
}

function completeDays(history: HistoryState | undefined): LocalDate[] {
  const days: LocalDate[] = []
  if (!history?.completeFrom || !history.completeTo) return days
  for (let at = history.completeFrom; at <= history.completeTo; at = LocalDate.plusDays(at, 1)) days.push(at)
  return days
}

test('however often runs are stopped, every day is read and the complete stretch is never a lie', () => {
  const run = fc.record({ days: fc.integer({ min: 0, max: 12 }), pages: fc.integer({ min: 0, max: 12 }) })
  fc.assert(
    fc.property(fc.array(run, { minLength: 1, maxLength: 20 }), fc.integer({ min: 0, max: 5 }), (runs, overlapDays) => {
      const seen = new Map<LocalDate, number>()
      let today = day('2026-01-01')
      const historyStart = day('2025-12-10')
      let history: HistoryState | undefined
      for (const { days, pages } of [...runs, { days: 1, pages: 1000 }]) {
        today = LocalDate.plusDays(today, days)
        let left = pages
        for (const range of planRanges(history, { today, historyStart, overlapDays })) {
          if (left === 0) break
          ;({ history, left } = read(range, seen, history, left))
        }
        expect(completeDays(history).filter(one => !seen.has(one))).toEqual([])
      }
      expect(history).toMatchObject({ done: true, completeFrom: historyStart, completeTo: today, cursor: null })
    }),
  )
})

test('a finished history costs a few days a run, however long it is', () => {
  const days = fc.integer({ min: 0, max: 30 })
  fc.assert(
    fc.property(days, fc.integer({ min: 0, max: 10 }), (later, overlapDays) => {
      const today = LocalDate.plusDays(day('2026-11-18'), later)
      const [range, ...more] = planRanges(done, { today, historyStart: facts.historyStart, overlapDays })
      expect(more).toEqual([])
      expect(range).toEqual({ from: LocalDate.plusDays(day('2026-11-18'), -overlapDays), to: today, cursor: null })
    }),
  )
})

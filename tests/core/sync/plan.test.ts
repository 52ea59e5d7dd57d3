import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  advance,
  advanceBeside,
  grounded,
  type HistoryState,
  planRanges,
  planSync,
  type RangeJob,
} from '../../../electron/core/sync/plan.ts'
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

  test('leaves a history alone that ends today or before', () => {
    const newest = (): LocalDate => day('2026-01-01')
    expect(grounded(done, facts.today, newest)).toBe(done)
    expect(grounded({ ...done, completeTo: facts.today, to: facts.today }, facts.today, newest)).toMatchObject({ completeTo: '2026-11-20' })
  })

  test('goes on from the newest stored row where a history ends in the future: then the clock was ahead', () => {
    const ahead = { ...done, from: day('2027-05-13'), to: day('2027-05-20'), completeTo: day('2027-05-20') }
    const plan = (newest: LocalDate | null) =>
      planRanges(
        grounded(ahead, facts.today, () => newest),
        facts,
      )
    expect(plan(day('2026-10-09'))).toEqual([{ from: '2026-10-02', to: '2026-11-20', cursor: null }])
    expect(plan(null)).toEqual([{ from: '2023-01-01', to: '2026-11-20', cursor: null }])
    expect(
      advance(
        grounded(ahead, facts.today, () => null),
        { from: day('2023-01-01'), to: facts.today },
        null,
      ),
    ).toMatchObject({
      completeFrom: '2023-01-01',
      completeTo: '2026-11-20',
    })
  })

  test('begins a reading again that was begun with the clock ahead', () => {
    const first: HistoryState = {
      ...done,
      to: day('2027-05-20'),
      from: day('2023-01-01'),
      cursor: 'page-7',
      done: false,
      completeFrom: null,
      completeTo: null,
    }
    const later: HistoryState = { ...first, from: day('2027-05-13'), completeFrom: day('2023-01-01'), completeTo: day('2026-11-18') }
    const plan = (history: HistoryState) =>
      planRanges(
        grounded(history, facts.today, () => day('2026-11-19')),
        facts,
      )
    expect(plan(first)).toEqual([{ from: '2023-01-01', to: '2026-11-20', cursor: null }])
    expect(plan(later)).toEqual([{ from: '2026-11-11', to: '2026-11-20', cursor: null }])
  })

  test("asks for nothing of the future when the machine's clock goes back", () => {
    expect(
      planRanges(
        grounded(done, day('2026-11-15'), () => day('2026-11-15')),
        { ...facts, today: day('2026-11-15') },
      ),
    ).toEqual([{ from: '2026-11-08', to: '2026-11-15', cursor: null }])
    expect(planRanges(undefined, { ...facts, today: day('2022-01-01') })).toEqual([{ from: '2022-01-01', to: '2022-01-01', cursor: null }])
  })

  test('reaches an open range up to newer days only once these are read whole', () => {
    const open: HistoryState = { ...done, from: day('2023-01-01'), cursor: 'page-7', done: false, completeFrom: null, completeTo: null }
    const newer = { from: day('2026-11-11'), to: day('2026-11-20') }
    expect(advanceBeside(open, newer, 'page-1')).toEqual(open)
    expect(advanceBeside(open, newer, null)).toEqual({ ...open, to: '2026-11-20' })
  })
})

/** A broker of one row a day, two a page, newest first; a run may be stopped after any page. */
function read(
  range: RangeJob,
  seen: Map<LocalDate, number>,
  history: HistoryState | undefined,
  pages: number,
  { last, beside = false }: { last?: LocalDate; beside?: boolean } = {},
): { history: HistoryState | undefined; left: number } {
  let state = history
  let at = range.cursor === null ? range.to : day(range.cursor)
  let left = pages
  while (left > 0) {
    const rows = [at, LocalDate.plusDays(at, -1)].filter(one => one >= range.from && one <= (last ?? one))
    for (const one of rows) seen.set(one, (seen.get(one) ?? 0) + 1)
    at = LocalDate.plusDays(at, -2)
    left -= 1
    const next = at < range.from ? null : at
    state = beside && history && !history.done ? advanceBeside(history, range, next) : advance(state, range, next)
    if (next === null) break
  }
  return { history: state, left }
}

function completeDays(history: HistoryState | undefined): LocalDate[] {
  const days: LocalDate[] = []
  if (!history?.completeFrom || !history.completeTo) return days
  for (let at = history.completeFrom; at <= history.completeTo; at = LocalDate.plusDays(at, 1)) days.push(at)
  return days
}

test('however often runs are stopped or the older days cannot be read, every day is read and the complete stretch is never a lie', () => {
  const run = fc.record({ days: fc.integer({ min: 0, max: 12 }), pages: fc.integer({ min: 0, max: 12 }), blocked: fc.boolean() })
  fc.assert(
    fc.property(fc.array(run, { minLength: 1, maxLength: 20 }), fc.integer({ min: 0, max: 5 }), (runs, overlapDays) => {
      const seen = new Map<LocalDate, number>()
      let today = day('2026-01-01')
      const historyStart = day('2025-12-10')
      let history: HistoryState | undefined
      for (const { days, pages, blocked } of [...runs, { days: 1, pages: 1000, blocked: false }]) {
        today = LocalDate.plusDays(today, days)
        let left = pages
        for (const range of planRanges(history, { today, historyStart, overlapDays })) {
          if (left === 0) break
          if (blocked && range.cursor !== null) continue
          ;({ history, left } = read(range, seen, history, left, { beside: blocked }))
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

test('once a clock that was ahead is mended, no day is left out', () => {
  const runs = fc.array(fc.record({ days: fc.integer({ min: 0, max: 2 }), pages: fc.integer({ min: 0, max: 12 }) }), { maxLength: 8 })
  const overlap = fc.integer({ min: 0, max: 5 })
  fc.assert(
    fc.property(runs, fc.integer({ min: 10, max: 400 }), runs, runs, overlap, (before, ahead, wrong, after, overlapDays) => {
      const seen = new Map<LocalDate, number>()
      const historyStart = day('2025-12-10')
      let real = day('2026-01-01')
      let history: HistoryState | undefined
      const sync = (skew: number, { days, pages }: { days: number; pages: number }): void => {
        real = LocalDate.plusDays(real, days)
        const today = LocalDate.plusDays(real, skew)
        const newest = (): LocalDate | null =>
          [...seen.keys()]
            .filter(at => at <= today)
            .toSorted()
            .at(-1) ?? null
        history &&= grounded(history, today, newest)
        let left = pages
        for (const range of planRanges(history, { today, historyStart, overlapDays })) {
          if (left > 0) ({ history, left } = read(range, seen, history, left, { last: real }))
        }
      }
      for (const run of before) sync(0, run)
      for (const run of wrong) sync(ahead, run)
      for (const run of [{ days: 0, pages: 0 }, ...after.map(run => ({ ...run, days: 0 })), { days: 0, pages: 1000 }]) sync(0, run)
      expect(history).toMatchObject({ done: true, completeFrom: historyStart, completeTo: real })
      expect(completeDays(history).filter(at => !seen.has(at))).toEqual([])
    }),
  )
})

import { describe, expect, test } from 'vitest'
import { byTag, statistics } from '../../../electron/core/services/ledger-figures.ts'
import { days, totals } from '../../../electron/core/services/ledger-sums.ts'
import { realizations, trips } from '../../../electron/core/services/ledger-trips.ts'
import { toActivityId } from '../../../electron/core/store/activity-rows.ts'
import { entryPage, getEntry, insertEntry } from '../../../electron/core/store/journal.ts'
import { linkOfActivity } from '../../../electron/core/store/journal-links.ts'
import { markSymbol, markWhole } from '../../../electron/core/store/ledger-dirty.ts'
import { addOpening, setMethod } from '../../../electron/core/store/ledger-words.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { save } from '../store/support.ts'
import { buy, type Desk, desk, sale, word } from './support/desk.ts'
import { settled } from './support/ledger-dump.ts'

const scope = { environment: 'paper' } as const
const d = Dec.of

/** Writes beside a row of the history. */
function note({ db }: Desk, row: string, tags: readonly string[], rating: number | null = null): void {
  const id = Number(word(db, `SELECT id FROM activities WHERE external_id = '${row}'`))
  insertEntry(db.writer, {
    id: `jrn_${row}_${tags.join('_')}`,
    day: LocalDate.of('2025-03-04'),
    subject: { kind: 'activity', link: linkOfActivity(db.reader, toActivityId(id)), tripId: null },
    title: '',
    text: 'Why.',
    tags: [...tags],
    rating,
    isDraft: false,
    at: AT,
  })
}

function written(rows: Parameters<Desk['row']>[0][]): Desk {
  const own = desk()
  save(
    own.db,
    rows.map(one => own.row(one)),
  )
  settled(own.work)
  return own
}

const shown = ({ db }: Desk) =>
  trips(db.reader, { ...scope, limit: 9 }).rows.map(({ tags, rating, hasNotes }) => ({ tags, rating, hasNotes }))

describe('words beside a lot stay with its round trip', () => {
  const bought = () => {
    const own = written([buy('B', '2025-03-04'), sale('S', '2025-03-05', { quantity: d('20') })])
    note(own, 'B', ['breakout'], 3)
    return own
  }
  /** What is said of the round trip, and what its tag finds of the whole history, which is all of it. */
  const saidOf = (own: Desk) => {
    const { reader } = own.db
    const tagged = { ...scope, tag: 'breakout' }
    expect(totals(reader, tagged)).toEqual(totals(reader, scope))
    expect(realizations(reader, { ...tagged, limit: 9 })).toEqual(realizations(reader, { ...scope, limit: 9 }))
    return {
      words: shown(own),
      byTag: byTag(reader, scope).map(({ tag }) => tag),
      found: trips(reader, { ...tagged, limit: 9 }).rows.length,
    }
  }
  const kept = { words: [{ tags: ['breakout'], rating: 3, hasNotes: true }], byTag: ['breakout'], found: 1 }

  test('when a purchase of before comes later', () => {
    const own = bought()
    expect(saidOf(own)).toEqual(kept)
    save(own.db, [own.row(buy('A', '2025-03-03'))])
    settled(own.work)
    expect(saidOf(own)).toEqual(kept)
  })

  test('when a lot from before the history is told', () => {
    const own = bought()
    own.db.writer.tx(writer => {
      addOpening(writer, 1, {
        id: 'lot_1',
        symbol: 'AAPL',
        currency: 'USD',
        day: LocalDate.of('2025-01-02'),
        quantity: d('10'),
        price: d('4'),
        note: '',
        createdAt: AT,
      })
      markSymbol(writer, 1, 'AAPL')
    })
    settled(own.work)
    expect(saidOf(own)).toEqual(kept)
  })

  test('at average cost, where one lot stands for all purchases', () => {
    const own = bought()
    own.db.writer.tx(writer => {
      setMethod(writer, 1, 'average')
      markWhole(writer, 1)
    })
    save(own.db, [own.row(buy('A', '2025-03-03'))])
    settled(own.work)
    expect(saidOf(own)).toEqual(kept)
  })

  test('in a round trip of many fills as in one of few', () => {
    const many = Array.from({ length: 120 }, (_, at) => buy(`many-${at}`, '2025-03-03', { symbol: 'MSFT', quantity: d('1') }))
    const own = written([...many, buy('B', '2025-03-04'), sale('S', '2025-03-05')])
    note(own, 'many-77', ['slow'])
    note(own, 'B', ['quick'])
    expect(shown(own).map(({ tags }) => tags)).toEqual([['quick'], ['slow']])
  })

  test('which is a lot from before the history, after one of before it', () => {
    const own = desk()
    const tell = (id: string, day: string) =>
      own.db.writer.tx(writer => {
        addOpening(writer, 1, {
          id,
          symbol: 'AAPL',
          currency: 'USD',
          day: LocalDate.of(day),
          quantity: d('10'),
          price: d('4'),
          note: '',
          createdAt: AT,
        })
        markSymbol(writer, 1, 'AAPL')
      })
    tell('lot_1', '2025-01-02')
    save(own.db, [own.row(sale('S', '2025-03-05'))])
    settled(own.work)
    const [trip] = trips(own.db.reader, { ...scope, limit: 9 }).rows
    const subject = { kind: 'trip', link: { account: 1, externalId: 'lot_1', symbol: 'AAPL' }, tripId: trip?.id ?? null } as const
    insertEntry(own.db.writer, {
      id: 'jrn_1',
      day: LocalDate.of('2025-03-04'),
      subject,
      title: '',
      text: 'Why.',
      tags: ['breakout'],
      rating: 3,
      isDraft: false,
      at: AT,
    })
    expect(saidOf(own)).toEqual(kept)
    tell('lot_2', '2024-12-02')
    settled(own.work)
    expect(saidOf(own)).toEqual(kept)
  })

  test('and are among the notes of its page', () => {
    const own = bought()
    save(own.db, [own.row(buy('A', '2025-03-03'))])
    settled(own.work)
    const [trip] = trips(own.db.reader, { ...scope, limit: 9 }).rows
    const notesOf = (externalId: string, tripId: string | null) => {
      const subject = { kind: 'trip', link: { account: 1, externalId, symbol: 'AAPL' }, tripId } as const
      return entryPage(own.db.reader, { subject, limit: 9 }).rows.map(({ id }) => id)
    }
    expect(notesOf('A', trip?.id ?? null)).toEqual(['jrn_B_breakout'])
    expect(notesOf('gone', 'trp_gone')).toEqual([])
  })

  test('and an entry about the round trip opens it as it is now, also one that begins earlier', () => {
    const own = written([buy('B', '2025-03-04'), sale('S', '2025-03-05', { quantity: d('20') })])
    const [before] = trips(own.db.reader, { ...scope, limit: 9 }).rows
    const subject = { kind: 'trip', link: { account: 1, externalId: 'B', symbol: 'AAPL' }, tripId: before?.id ?? null } as const
    const words = { day: LocalDate.of('2025-03-04'), title: '', text: 'Why.', tags: [], rating: null, isDraft: false, at: AT }
    insertEntry(own.db.writer, { id: 'jrn_1', subject, ...words })
    expect(getEntry(own.db.reader, 'jrn_1')?.subject).toEqual({ kind: 'trip', tripId: before?.id })
    save(own.db, [own.row(buy('A', '2025-03-03'))])
    settled(own.work)
    const [after] = trips(own.db.reader, { ...scope, limit: 9 }).rows
    expect(after?.id).not.toBe(before?.id)
    expect(getEntry(own.db.reader, 'jrn_1')?.subject).toEqual({ kind: 'trip', tripId: after?.id })
    expect(entryPage(own.db.reader, { limit: 9 }).rows.map(entry => entry.subject)).toEqual([{ kind: 'trip', tripId: after?.id }])
  })

  test('and go to no other: not those beside what closed it, nor to the run before or after', () => {
    const own = written([
      buy('1', '2025-03-03'),
      sale('2', '2025-03-04'),
      buy('3', '2025-03-05'),
      buy('4', '2025-03-06'),
      sale('5', '2025-03-07', { quantity: d('20') }),
      buy('6', '2025-03-10'),
      sale('7', '2025-03-11'),
    ])
    note(own, '2', ['sold'])
    note(own, '4', ['middle'])
    expect(shown(own).map(({ tags }) => tags)).toEqual([[], ['middle'], []])
    expect(byTag(own.db.reader, scope)).toMatchObject([
      { tag: 'middle', realized: '60', trips: 1 },
      { tag: null, realized: '60', trips: 2 },
    ])
  })
})

test('words beside a purchase of the very moment in which the round trip before it ended go to its own', () => {
  const at = Instant.parse('2025-03-04T15:00:00Z')
  const own = written([
    buy('1', '2025-03-03'),
    sale('2', '2025-03-04', { executedAt: at }),
    buy('3', '2025-03-04', { executedAt: at }),
    buy('4', '2025-03-04', { executedAt: at }),
    sale('5', '2025-03-05', { quantity: d('20') }),
  ])
  note(own, '4', ['again'])
  expect(shown(own).map(({ tags }) => tags)).toEqual([['again'], []])
  expect(byTag(own.db.reader, scope)).toMatchObject([{ tag: 'again', closings: 2, trips: 1 }, { tag: null, closings: 1, trips: 1 }])
})

describe('results by tag', () => {
  test('are of every closing, also of a round trip that is still open, as the filter by tag has them', () => {
    const own = written([buy('B', '2025-03-04', { quantity: d('100') }), sale('S', '2025-03-05', { quantity: d('50') })])
    note(own, 'B', ['breakout'])
    expect(byTag(own.db.reader, scope)).toEqual([
      { tag: 'breakout', currency: 'USD', realized: '150', fees: '0', closings: 1, unknown: 0, trips: 0, known: 0, wins: 0 },
    ])
    expect(totals(own.db.reader, { ...scope, tag: 'breakout' })).toMatchObject([{ realized: '150', closings: 1 }])
    expect(days(own.db.reader, { ...scope, tag: 'breakout' })).toMatchObject([{ realized: '150' }])
    expect(statistics(own.db.reader, scope, AT)).toEqual([])
  })

  test('add up, with what carries none, to the total; one of two tags counts for both', () => {
    const own = written([
      buy('1', '2025-03-03'),
      sale('2', '2025-03-04', { fees: d('1') }),
      buy('3', '2025-03-05', { quantity: d('30') }),
      sale('4', '2025-03-06'),
      sale('5', '2025-03-07'),
      buy('6', '2025-03-05', { symbol: 'MSFT', price: null }),
      sale('7', '2025-03-10', { symbol: 'MSFT' }),
    ])
    note(own, '3', ['gap', 'news'])
    expect(byTag(own.db.reader, scope)).toMatchObject([
      { tag: 'gap', realized: '60', fees: '0', closings: 2, unknown: 0, trips: 0 },
      { tag: 'news', realized: '60', closings: 2 },
      { tag: null, realized: '29', fees: '1', closings: 1, unknown: 1, trips: 2, known: 1, wins: 1 },
    ])
    const until = { ...scope, to: LocalDate.of('2025-03-06') }
    expect(byTag(own.db.reader, until)).toMatchObject([
      { tag: 'gap', realized: '30' },
      { tag: 'news', realized: '30' },
      { tag: null, realized: '29', unknown: 0 },
    ])
    for (const tag of ['gap', 'news']) expect(totals(own.db.reader, { ...until, tag })).toMatchObject([{ realized: '30' }])
    expect(byTag(own.db.reader, { ...scope, tag: 'gap' })).toMatchObject([
      { tag: 'gap', realized: '60' },
      { tag: 'news', realized: '60' },
    ])
  })

  test('tell capitals no more apart than the filter does', () => {
    const own = written([buy('1', '2025-03-03'), sale('2', '2025-03-04'), buy('3', '2025-03-05'), sale('4', '2025-03-06')])
    note(own, '1', ['Gap'])
    note(own, '3', ['gap'])
    expect(byTag(own.db.reader, scope)).toMatchObject([{ tag: 'Gap', realized: '60', trips: 2 }])
    expect(totals(own.db.reader, { ...scope, tag: 'gap' })).toMatchObject([{ realized: '60' }])
  })
})

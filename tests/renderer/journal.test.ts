import { beforeEach, describe, expect, test, vi } from 'vitest'
import { JournalEntrySchema, type JournalEntry } from '../../shared/contract/journal.ts'
import { Instant, LocalDate } from '../../shared/domain/time.ts'
import { readTags, tagProblem, withTag } from '../../renderer/lib/tags.ts'
import { forgetEverything } from '../../renderer/state/forget.ts'
import { noteJournalChanged, readMoreEntries, refreshJournal, setJournalFilter, useJournal } from '../../renderer/state/journal.ts'
import {
  attachPictures, changeFields, editEntry, finishEntry, isUnsaved, reviewDay, saveEntry, startEntry, startReview, useJournalEditor,
} from '../../renderer/state/journal-editor.ts'
import { hideNotes, noteNotesChanged, showNotes, useNotes } from '../../renderer/state/journal-notes.ts'
import { readPicture, useJournalPictures } from '../../renderer/state/journal-pictures.ts'
import { dataOf } from '../../renderer/state/remote.ts'
import { eventually } from '../support/eventually.ts'
import { NOW } from './examples.ts'
import { type Asked, fakeCore, ok, refusal } from './fake-core.ts'

// Toasts draw on the page, which is not here.
vi.stubGlobal('window', globalThis)

const DAY = LocalDate.of('2026-03-12')
const PICTURE = { id: 'pic_1', name: 'a.png', type: 'image/png', bytes: 3 } as const

function entry(change: Partial<JournalEntry> = {}): JournalEntry {
  return JournalEntrySchema.parse({
    id: 'jrn_1', day: DAY, subject: { kind: 'day' }, accountId: null, symbol: null, title: 'Waited', text: 'Held.', tags: ['a'], rating: 3, isDraft: false,
    attachments: [], createdAt: NOW, updatedAt: NOW, ...change,
  })
}

/** A core that saves what it is told. */
function core(more: (asked: Asked) => unknown = () => undefined) {
  return fakeCore(asked => {
    const own = more(asked)
    if (own !== undefined) return own
    const input = Object(asked.input) as Record<string, unknown>
    if (asked.route === 'journal.add' || asked.route === 'journal.change') return ok({ ...entry(), ...input, id: 'jrn_1', updatedAt: NOW })
    if (asked.route === 'journal.attach') return ok(entry({ isDraft: true, attachments: [PICTURE] }))
    if (asked.route === 'journal.tags') return ok([])
    if (asked.route === 'journal.picture') return ok({ type: 'image/png', base64: 'AAAA' })
    return ok({ rows: [entry()], next: null })
  })
}

const editor = () => useJournalEditor.getState().editor
const sent = (asked: readonly Asked[], route: string) => asked.filter(one => one.route === route).map(({ input }) => input)

beforeEach(() => forgetEverything())

test('tags are read as typed: trimmed, without marks, each once', () => {
  expect(readTags(' breakout, #Gap ,,BREAKOUT, a b ')).toEqual(['breakout', 'Gap', 'a b'])
  expect(readTags(Array.from({ length: 30 }, (_, at) => `t${at}`).join(','))).toHaveLength(20)
  expect(readTags(`a, ${'x'.repeat(41)}, ${'y'.repeat(40)}`)).toEqual(['a', 'y'.repeat(40)])
  expect(withTag('a, b,', 'c')).toBe('a, b, c')
  expect(withTag('', 'c')).toBe('c')
})

test('a tag that is too long, and tags that are too many, are said and never cut', async () => {
  expect(tagProblem('a, b')).toBeUndefined()
  expect(tagProblem('y'.repeat(40))).toBeUndefined()
  expect(tagProblem(`a, ${'xyz'.repeat(14)}`)).toBe('A tag has 40 letters at most: “xyzxyzxyzxyzxyzx…” has 42.')
  expect(tagProblem(Array.from({ length: 21 }, (_, at) => `t${at}`).join(','))).toBe('An entry has 20 tags at most: these are 21.')
  const { asked } = core()
  startEntry({ day: DAY })
  changeFields({ title: 'Why', tags: 'z'.repeat(41) })
  await finishEntry()
  expect(asked).toEqual([])
  expect(editor()).not.toBeNull()
})

describe('the list', () => {
  test('is read page after page, each entry once, and as far as it was scrolled when something changed', async () => {
    const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => entry({ id: `jrn_${from + at}` }))
    const { asked } = core(({ route, input }) =>
      route === 'journal.page' ? ok(JSON.stringify(input).includes('after') ? { rows: rows(59, 90), next: null } : { rows: rows(0, 60), next: 'c1' }) : undefined)
    await refreshJournal()
    await readMoreEntries()
    expect(dataOf(useJournal.getState().pages)?.rows.map(({ id }) => id)).toEqual(rows(0, 90).map(({ id }) => id))
    await noteJournalChanged()
    expect(sent(asked, 'journal.page')).toEqual([{ limit: 60 }, { limit: 150, after: 'c1' }, { limit: 90 }])
  })

  test('asks with the filters that are set, and is not read while nobody has looked at it', async () => {
    const { asked } = core()
    await noteJournalChanged()
    expect(asked).toEqual([])
    await setJournalFilter({ tag: 'gap', search: undefined, symbol: undefined, from: DAY, to: undefined })
    expect(sent(asked, 'journal.page')).toEqual([{ tag: 'gap', from: DAY, limit: 60 }])
  })
})

describe('an entry that is written', () => {
  test('is saved once as what it is, and shown when it is finished', async () => {
    const { asked } = core()
    startEntry({ day: DAY })
    changeFields({ title: 'Why', tags: 'a, b', rating: 4 })
    await saveEntry(true)
    expect(editor()).toMatchObject({ entry: { id: 'jrn_1', isDraft: true }, busy: false })
    expect(editor() && isUnsaved(editor() as never)).toBe(false)
    changeFields({ text: 'Because.' })
    await finishEntry()
    expect(editor()).toBeNull()
    expect(useJournal.getState().opened).toMatchObject({ id: 'jrn_1', text: 'Because.' })
    expect(sent(asked, 'journal.add')).toEqual([{ day: DAY, subject: { kind: 'day' }, title: 'Why', text: '', tags: ['a', 'b'], rating: 4, isDraft: true }])
    expect(sent(asked, 'journal.change')).toMatchObject([{ id: 'jrn_1', updatedAt: NOW, text: 'Because.', isDraft: false }])
  })

  test('keeps what was typed while it was saved, and says that it is not saved', async () => {
    core(({ route }) => {
      if (route === 'journal.add') changeFields({ text: 'typed meanwhile' })
      return undefined
    })
    startEntry({ day: DAY, title: 'x' })
    await finishEntry()
    expect(editor()).toMatchObject({ fields: { text: 'typed meanwhile' }, saved: { text: '' }, entry: { id: 'jrn_1' } })
  })

  test('is finished also when that is asked for while its draft is being saved', async () => {
    let release: () => void = () => undefined
    const { asked } = core(({ route, input }) =>
      route === 'journal.add' ? new Promise(resolve => (release = () => resolve(ok({ ...entry(), ...Object(input), updatedAt: NOW })))) : undefined)
    startEntry({ day: DAY, title: 'x' })
    const draft = saveEntry(true)
    const finished = finishEntry()
    await eventually(() => expect(sent(asked, 'journal.add')).toHaveLength(1))
    release()
    await Promise.all([draft, finished])
    expect(sent(asked, 'journal.change')).toMatchObject([{ id: 'jrn_1', title: 'x', isDraft: false }])
    expect(editor()).toBeNull()
  })

  test('stays as typed, with the reason, when it cannot be saved; and is not sent with a day that is none', async () => {
    const { asked } = core(({ route }) => (route === 'journal.change' ? refusal('journal/changed') : undefined))
    editEntry(entry())
    changeFields({ text: 'Mine.' })
    await finishEntry()
    expect(editor()).toMatchObject({ fields: { text: 'Mine.' }, problem: { code: 'journal/changed' }, busy: false })
    changeFields({ day: '' })
    expect(await saveEntry(false)).toBeNull()
    expect(sent(asked, 'journal.change')).toHaveLength(1)
  })

  test('takes pictures once it is kept as a draft, one after the other', async () => {
    const { asked } = core()
    startEntry({ day: DAY })
    await attachPictures([{ name: 'a.png', read: () => Promise.resolve('AAAA') }, { name: ' ', read: () => Promise.resolve('BBBB') }])
    expect(asked.map(({ route }) => route).filter(route => route.startsWith('journal.a'))).toEqual(['journal.add', 'journal.attach', 'journal.attach'])
    expect(sent(asked, 'journal.attach')).toEqual([{ id: 'jrn_1', name: 'a.png', base64: 'AAAA' }, { id: 'jrn_1', name: 'picture', base64: 'BBBB' }])
    expect(editor()?.entry?.attachments).toEqual([PICTURE])
  })

  test('begins as the review of the day, which is nobody’s until something is changed in it', async () => {
    core(({ route }) => (route === 'journal.draft' ? ok({ day: DAY, title: 'Review', text: 'Realized: +1.00 USD', hasActivity: true }) : undefined))
    await startReview(DAY)
    const opened = editor()
    expect(opened).toMatchObject({ entry: null, fields: { day: DAY, title: 'Review', text: 'Realized: +1.00 USD' } })
    expect(opened && isUnsaved(opened)).toBe(false)
  })
})

test.each([
  ['2026-11-20T21:05:00Z', 'after the close', '2026-11-20'],
  ['2026-11-20T14:30:00Z', 'at the opening', '2026-11-20'],
  ['2026-11-20T14:29:59Z', 'before the opening', '2026-11-19'],
  ['2026-11-22T20:00:00Z', 'on a Sunday', '2026-11-20'],
  ['2026-11-27T13:00:00Z', 'the morning after Thanksgiving', '2026-11-25'],
])('the review asked for at %s, %s, is of %s', (at, _when, day) => {
  expect(reviewDay(Instant.parse(at))).toBe(day)
})

test('a locked window keeps no entry, no picture and nothing that was being written', async () => {
  core()
  await refreshJournal()
  await readPicture('pic_1')
  editEntry(entry())
  expect(dataOf(useJournalPictures.getState().pictures['pic_1'] ?? { status: 'idle' })).toBe('data:image/png;base64,AAAA')
  forgetEverything()
  expect(useJournal.getState()).toEqual(useJournal.getInitialState())
  expect(useJournalPictures.getState().pictures).toEqual({})
  expect(editor()).toBeNull()
})

test('a picture that arrives after the window was locked is not kept', async () => {
  core(({ route }) => {
    if (route === 'journal.picture') forgetEverything()
    return undefined
  })
  await readPicture('pic_1')
  expect(useJournalPictures.getState().pictures).toEqual({})
})

test('the notes of a trade are read with it, again when something changed, and forgotten with it', async () => {
  const { asked } = core()
  const subject = { kind: 'trip', tripId: 'trp_1' } as const
  await noteNotesChanged()
  await showNotes(subject)
  await noteNotesChanged()
  expect(sent(asked, 'journal.page')).toEqual([{ subject, limit: 20 }, { subject, limit: 20 }])
  expect(dataOf(useNotes.getState().notes)).toHaveLength(1)
  hideNotes()
  expect(useNotes.getState()).toEqual(useNotes.getInitialState())
  await showNotes(subject)
  forgetEverything()
  expect(useNotes.getState()).toEqual(useNotes.getInitialState())
})

import { describe, expect, test } from 'vitest'
import type { JournalSubject } from '../../../shared/contract/journal.ts'
import type { RequestOf } from '../../../shared/contract/routes.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { type Refused, type TestCore, testCore } from '../../support/test-core.ts'

const DAY = LocalDate.of('2026-03-12')
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])

type Fields = RequestOf<'journal.add'>
const entry = (fields: Partial<Fields> = {}): Fields => ({
  day: DAY,
  subject: { kind: 'day' },
  title: '',
  text: '',
  tags: [],
  rating: null,
  ...fields,
})
const write = (app: TestCore, fields: Partial<Fields> = {}) => app.call('journal.add', entry(fields))
const titles = async (app: TestCore, query: Partial<RequestOf<'journal.page'>> = {}) =>
  (await app.call('journal.page', { limit: 50, ...query })).rows.map(({ title }) => title)
const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no refusal',
    (error: Refused) => error.view.code,
  )

describe('an entry', () => {
  test('is there after a restart as it was written, and tells every window', async () => {
    await using before = await testCore()
    const written = await write(before, { title: ' Waited for it ', text: 'Sized small.\nHeld.', tags: ['patience', 'NVDA'], rating: 4 })
    expect(before.events.map(({ type }) => type)).toContain('journal.changed')
    await using app = await before.restart()
    const { rows } = await app.call('journal.page', { limit: 10 })
    expect(rows).toEqual([written])
    expect(written).toMatchObject({
      title: 'Waited for it',
      text: 'Sized small.\nHeld.',
      tags: ['NVDA', 'patience'],
      rating: 4,
      isDraft: false,
      accountId: null,
      symbol: null,
    })
  })

  test('is changed by who saw its newest state, moves with its day, and leaves its old words', async () => {
    await using app = await testCore()
    const first = await write(app, { title: 'breakout', tags: ['a'], isDraft: true })
    await write(app, { day: LocalDate.of('2026-03-13'), title: 'later' })
    const { id } = first
    const next = await app.call('journal.change', {
      ...entry({ day: LocalDate.of('2026-03-14'), title: 'reversal', tags: ['b'] }),
      id,
      updatedAt: first.updatedAt,
    })
    expect(next).toMatchObject({ title: 'reversal', tags: ['b'], isDraft: false, createdAt: first.createdAt })
    expect(await titles(app)).toEqual(['reversal', 'later'])
    expect(await titles(app, { search: 'break' })).toEqual([])
    expect(await titles(app, { tag: 'a' })).toEqual([])
    expect(await titles(app, { search: 'rev' })).toEqual(['reversal'])
    expect(await refusal(app.call('journal.change', { ...entry(), id, updatedAt: first.updatedAt }))).toBe('journal/changed')
    expect(await titles(app)).toEqual(['reversal', 'later'])
  })

  test('that is removed is gone with its words, tags and pictures', async () => {
    await using app = await testCore()
    const { id } = await write(app, { title: 'gone', tags: ['x'] })
    const { attachments } = await app.call('journal.attach', { id, name: 'a.png', base64: PNG.toString('base64') })
    await app.call('journal.remove', { id })
    expect(await titles(app, { search: 'gone' })).toEqual([])
    expect(await app.call('journal.tags', {})).toEqual([])
    expect(await refusal(app.call('journal.picture', { attachmentId: attachments[0]?.id ?? '' }))).toBe('app/not-found')
    expect(await refusal(app.call('journal.remove', { id }))).toBe('app/not-found')
  })
})

describe('finding', () => {
  test('looks in title, text, tags and symbol for words that begin so, whatever their accents and letters', async () => {
    await using app = await testCore()
    await write(app, { title: 'Café reversal', tags: ['tilt'] })
    await write(app, { title: 'Other', text: 'chased the breakout' })
    expect(await titles(app, { search: 'CAFE' })).toEqual(['Café reversal'])
    expect(await titles(app, { search: 'til rev' })).toEqual(['Café reversal'])
    expect(await titles(app, { search: 'brea cha' })).toEqual(['Other'])
    expect(await titles(app, { search: 'rev chased' })).toEqual([])
    expect(await titles(app, { search: '"' })).toEqual([])
  })

  test('tells tags of the same words apart, and takes any mark in them for a mark', async () => {
    await using app = await testCore()
    await write(app, { title: 'note one', tags: ['mean reversion'] })
    await write(app, { title: 'note two', tags: ['mean', 'reversion', '!!'] })
    await write(app, { title: 'note three', tags: ['say "no" AND mean'] })
    expect(await titles(app, { search: 'note', tag: 'Mean Reversion' })).toEqual(['note one'])
    expect(await titles(app, { search: 'note', tag: 'mean' })).toEqual(['note two'])
    expect(await titles(app, { search: 'note', tag: '!!' })).toEqual(['note two'])
    expect(await titles(app, { search: 'note mean', tag: 'say "no" AND mean' })).toEqual(['note three'])
    expect(await titles(app, { search: 'one NOT OR two' })).toEqual([])
  })

  test('narrows by tag, day and subject, together with words, page after page and each entry once', async () => {
    await using app = await testCore()
    for (let at = 0; at < 9; at += 1) {
      await write(app, {
        day: LocalDate.plusDays(DAY, at % 4),
        title: `note ${at}`,
        tags: at % 2 === 0 ? ['Even'] : [],
        subject: { kind: at === 3 ? 'free' : 'day' },
      })
    }
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await app.call('journal.page', {
        limit: 2,
        search: 'note',
        tag: 'even',
        from: DAY,
        to: LocalDate.plusDays(DAY, 2),
        ...(after === undefined ? {} : { after }),
      })
      seen.push(...page.rows.map(({ title }) => title))
      after = page.next ?? undefined
    } while (after !== undefined)
    expect(seen).toEqual(['note 6', 'note 2', 'note 8', 'note 4', 'note 0'])
    expect(await titles(app, { tag: 'EVEN', limit: 2 })).toEqual(['note 6', 'note 2'])
    expect(await titles(app, { subject: { kind: 'free' } })).toEqual(['note 3'])
    expect(await titles(app, { from: LocalDate.plusDays(DAY, 3) })).toEqual(['note 7', 'note 3'])
    expect(await app.call('journal.tags', {})).toEqual([{ tag: 'Even', count: 5 }])
    expect(await refusal(app.call('journal.page', { limit: 2, after: 'no cursor' }))).toBe('app/invalid-request')
  })
})

describe('an entry about a trade', () => {
  const firstTrade = async (app: TestCore) => {
    const { rows } = await app.call('activities.page', { limit: 1, kinds: ['trade'] })
    const [row] = rows
    if (!row) throw new Error('no trade')
    return row
  }

  test('says its symbol and account, is found by them, and survives that all is read again', async () => {
    await using app = await testCore()
    const connectionId = await app.connect('alpaca')
    await app.call('sync.run', { connectionId })
    const row = await firstTrade(app)
    const subject: JournalSubject = { kind: 'activity', activityId: row.id }
    const written = await write(app, { title: 'why', subject })
    expect(written).toMatchObject({ subject, accountId: row.accountId, symbol: row.symbol })
    expect(await titles(app, { search: row.symbol ?? '' })).toEqual(['why'])
    expect(await titles(app, { symbol: (row.symbol ?? '').toLowerCase() })).toEqual(['why'])
    await app.call('sync.run', { connectionId })
    expect(await titles(app, { subject })).toEqual(['why'])
    expect(await refusal(write(app, { subject: { kind: 'activity', activityId: 'act_999999' as typeof row.id } }))).toBe('app/not-found')
  })

  test('stays when its connection goes with all its history, about nothing that could be opened, until the same account brings the row again', async () => {
    await using app = await testCore()
    const connectionId = await app.connect('alpaca')
    await app.call('sync.run', { connectionId })
    const row = await firstTrade(app)
    const before = await write(app, { title: 'why', subject: { kind: 'activity', activityId: row.id }, tags: ['x'] })
    await app.call('connections.disconnect', { connectionId, forgetHistory: true })
    const { rows } = await app.call('journal.page', { limit: 5 })
    expect(rows).toEqual([{ ...before, subject: { kind: 'free' }, accountId: null }])
    const again = await app.connect('alpaca')
    expect((await app.call('journal.page', { limit: 5 })).rows).toEqual([{ ...before, subject: { kind: 'free' } }])
    await app.call('sync.run', { connectionId: again })
    const same = await firstTrade(app)
    expect((await app.call('journal.page', { limit: 5 })).rows).toEqual([{ ...before, subject: { kind: 'activity', activityId: same.id } }])
  })
})

describe('an entry about a round trip', () => {
  test('gives the trip its tags, rating and notes, and is found by the trip and by the row that opened it', async () => {
    await using app = await testCore()
    const connectionId = await app.connect('alpaca')
    await app.call('sync.run', { connectionId })
    const { rows } = await app.call('ledger.trips', { environment: 'sandbox', state: 'closed', limit: 1 })
    const [trip] = rows
    if (!trip) throw new Error('no trip')
    const subject: JournalSubject = { kind: 'trip', tripId: trip.id }
    const written = await write(app, { title: 'Plan held', subject, tags: ['patience'], rating: 5 })
    expect(written).toMatchObject({ subject, accountId: trip.accountId, symbol: trip.symbol })
    const { trip: now, fills } = await app.call('ledger.trip', { id: trip.id })
    expect(now).toMatchObject({ tags: ['patience'], rating: 5, hasNotes: true })
    expect(await titles(app, { subject })).toEqual(['Plan held'])
    const opening = fills[0]?.activityId
    expect(opening && (await titles(app, { subject: { kind: 'activity', activityId: opening } }))).toEqual(['Plan held'])
    expect(await titles(app, { subject: { kind: 'trip', tripId: 'trp_none' } })).toEqual([])
    expect(await refusal(write(app, { subject: { kind: 'trip', tripId: 'trp_none' } }))).toBe('app/not-found')
    await app.call('connections.disconnect', { connectionId, forgetHistory: true })
    expect((await app.call('journal.page', { limit: 5 })).rows).toMatchObject([{ title: 'Plan held', subject: { kind: 'free' }, accountId: null, symbol: trip.symbol }])
  })
})

describe('the review of a day', () => {
  test('says what was realized and traded in words and figures with their currency, and is saved by nobody', async () => {
    await using app = await testCore()
    await app.call('sync.run', { connectionId: await app.connect('alpaca') })
    const days = await app.call('ledger.days', { environment: 'sandbox' })
    const busy = days.findLast(({ closings }) => closings > 1)
    if (!busy) throw new Error('no day with results')
    const draft = await app.call('journal.draft', { day: busy.day })
    expect(draft).toMatchObject({ day: busy.day, hasActivity: true })
    expect(draft.text).toMatch(/^Figures of sandbox accounts\.\nRealised: [+\u2212]?[\d,]+\.\d{2} USD in \d+ closings, fees of [\d,]+\.\d{2} USD included\.\n/)
    expect(draft.text).toMatch(/\n- \S+: [+\u2212]?[\d,]+\.\d{2,} USD, \d+ closings?\n/)
    expect(draft.text).toMatch(/\nTraded: \d+ fills? in /)
    expect(draft.text).toContain('\n\nWhat went well:\n\n\nWhat I would do differently:')
    const quiet = await app.call('journal.draft', { day: LocalDate.of('2031-01-05') })
    expect(quiet).toMatchObject({ hasActivity: false, title: 'Review of Sun 5 Jan 2031' })
    expect(quiet.text).toMatch(/^Nothing was traded or booked on this day\./)
    expect(await titles(app)).toEqual([])
  })
})

describe('pictures', () => {
  test('come back byte for byte, named by what they are and not by what their name says', async () => {
    await using app = await testCore()
    const { id, updatedAt } = await write(app)
    const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe1]), Buffer.from('Exif GPS')])
    const webp = Buffer.from('RIFF\u0001\u0002\u0003\u0004WEBPVP8 ', 'latin1')
    await app.call('journal.attach', { id, name: 'chart.gif', base64: PNG.toString('base64') })
    await app.call('journal.attach', { id, name: 'b.txt', base64: jpeg.toString('base64') })
    const entryNow = await app.call('journal.attach', { id, name: 'c', base64: webp.toString('base64') })
    expect(entryNow.attachments.map(({ name, type, bytes }) => [name, type, bytes])).toEqual([
      ['chart.gif', 'image/png', PNG.length],
      ['b.txt', 'image/jpeg', jpeg.length],
      ['c', 'image/webp', webp.length],
    ])
    expect(entryNow.updatedAt).toBe(updatedAt)
    const [, second] = entryNow.attachments
    expect(await app.call('journal.picture', { attachmentId: second?.id ?? '' })).toEqual({
      type: 'image/jpeg',
      base64: jpeg.toString('base64'),
    })
    await app.call('journal.detach', { attachmentId: second?.id ?? '' })
    const [left] = (await app.call('journal.page', { limit: 1 })).rows
    expect(left?.attachments.map(({ name }) => name)).toEqual(['chart.gif', 'c'])
  })

  test.each([
    ['a page that calls itself a picture', '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', 'it is no PNG, JPEG or WebP'],
    ['a sound in the same wrapping as WebP', 'RIFF....WAVEfmt ', 'it is no PNG, JPEG or WebP'],
    ['nothing', '', 'it is empty'],
    ['more than 5 MB', `\u0089PNG\r\n\u001a\n${'x'.repeat(5 * 1024 * 1024)}`, 'it has 5.0 MB'],
  ])('refuse %s', async (_name, content, reason) => {
    await using app = await testCore()
    const { id } = await write(app)
    const failure = await app.call('journal.attach', { id, name: 'a.png', base64: Buffer.from(content, 'latin1').toString('base64') }).then(
      () => null,
      (error: Refused) => error.view,
    )
    expect(failure).toMatchObject({
      code: 'journal/picture-unusable',
      message: `This picture cannot be kept: ${reason}. Nothing was changed.`,
    })
  })
})

describe('exports', () => {
  test('carry every entry with its stamps, as a table and as lines of JSON, and run nothing in a spreadsheet', async () => {
    await using app = await testCore()
    const one = await write(app, { title: '=HYPERLINK("x")', text: 'a, "b"\nc', tags: ['t1', 't2'], rating: 5 })
    for (let at = 0; at < 205; at += 1) await write(app, { day: LocalDate.of('2026-03-13'), title: `${at}` })
    const whole = async (format: 'csv' | 'json') => {
      let [text, rows] = ['', 0]
      let after: string | undefined
      do {
        const part = await app.call('journal.export', { format, ...(after === undefined ? {} : { after }) })
        text += part.text
        rows += part.rows
        after = part.next ?? undefined
      } while (after !== undefined)
      return { text, rows }
    }
    const csv = await whole('csv')
    expect(csv.rows).toBe(206)
    expect(csv.text.match(/^id,day,/gm)).toHaveLength(1)
    expect(csv.text).toContain(
      `${one.id},2026-03-12,day,,,,,"'=HYPERLINK(""x"")","a, ""b""\nc",t1;t2,5,false,,${one.createdAt},${one.updatedAt}\r\n`,
    )
    const lines = (await whole('json')).text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
    expect(lines).toHaveLength(206)
    expect(lines.at(-1)).toMatchObject({ id: one.id, title: '=HYPERLINK("x")', tags: 't1;t2', rating: 5, updatedAt: one.updatedAt })
    expect(new Set(lines.map(line => Object.keys(line).join()))).toHaveProperty('size', 1)
  })
})

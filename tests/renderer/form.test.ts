import { describe, expect, test } from 'vitest'
import { choicesOf, type FormField, fieldProblem, formProblems, initialValues, sameValues, sentValues } from '../../renderer/lib/form.ts'
import { Instant } from '../../shared/domain/time.ts'

const now = Instant.parse('2026-11-21T04:30:00Z')

const field = (change: Partial<FormField>): FormField => ({
  name: 'port',
  label: 'Port',
  hint: '',
  kind: 'text',
  pattern: null,
  problem: 'This cannot be right.',
  initial: '',
  required: true,
  ...change,
})

describe('a field', () => {
  test('must hold something when it is needed, and may be empty when it is not', () => {
    expect(fieldProblem(field({}), '  ', now)).toBe('This is needed.')
    expect(fieldProblem(field({ required: false, pattern: 'x' }), '', now)).toBeNull()
  })

  test('fits its pattern as a whole, trimmed, or says its own sentence', () => {
    const query = field({ pattern: '[0-9]{5,7}|none', problem: 'A query id has five to seven digits.' })
    expect(fieldProblem(query, ' 123456 ', now)).toBeNull()
    expect(fieldProblem(query, 'none', now)).toBeNull()
    expect(fieldProblem(query, '123456x', now)).toBe('A query id has five to seven digits.')
  })

  test('that is a number takes digits only', () => {
    expect(fieldProblem(field({ kind: 'number' }), '7497', now)).toBeNull()
    expect(fieldProblem(field({ kind: 'number', problem: 'A port has digits only.' }), '74 97', now)).toBe('A port has digits only.')
  })
})

test('a day that must be still to come is one in New York, too', () => {
  const until = field({ kind: 'day', future: true })
  expect(['2020-01-01', '2026-11-19', '2026-11-20', '2026-11-21'].map(day => fieldProblem(until, day, now))).toEqual([
    'This day is over.',
    'This day is over.',
    'This day has begun: it may end any hour.',
    null,
  ])
  expect(fieldProblem(field({ kind: 'day' }), '2020-01-01', now)).toBeNull()
})

test('a field of a few words is a choice between them', () => {
  expect(choicesOf(field({ pattern: 'yes|no' }))).toEqual(['yes', 'no'])
  expect(choicesOf(field({ pattern: '[0-9]{4}|none' }))).toBeNull()
  expect(choicesOf(field({ pattern: 'yes|no', required: false }))).toBeNull()
})

describe('a form', () => {
  const fields = [field({ name: 'host', initial: '127.0.0.1' }), field({ name: 'port' }), field({ name: 'note', required: false })]

  test('begins with what is usual and names every problem', () => {
    expect(initialValues(fields, 'live')).toEqual({ host: '127.0.0.1', port: '', note: '' })
    expect(formProblems(fields, initialValues(fields, 'live'), now)).toEqual({ port: 'This is needed.' })
  })

  test('begins with what is usual in its environment, where that differs', () => {
    const port = field({ name: 'port', initial: '7496', initialIn: { paper: '7497' } })
    expect([initialValues([port], 'live'), initialValues([port], 'paper')]).toEqual([{ port: '7496' }, { port: '7497' }])
  })

  test('sends its own fields, trimmed, and nothing that is empty', () => {
    expect(sentValues(fields, { host: ' h ', port: '1', note: '', stray: 'x' })).toEqual({ host: 'h', port: '1' })
  })

  test('is the same only when everything that is sent is', () => {
    expect(sameValues({ a: '1' }, { a: '1' })).toBe(true)
    expect(sameValues({ a: '1' }, { a: '1', b: '2' })).toBe(false)
    expect(sameValues({ a: '1', b: '2' }, { a: '1', c: '2' })).toBe(false)
  })
})

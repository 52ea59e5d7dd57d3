import { describe, expect, test } from 'vitest'
import { afterAgain, answeringFor, type Failure, filesAgain, lastWords, NOTHING } from './outcome.ts'

const failure = (file: string, name = 'adds up', message = 'expected 1 to be 2'): Failure => ({ file, name, message })

describe('running failed files once more', () => {
  const first = { ...NOTHING, passedIn: { 'tests/a.test.ts': 3, 'tests/b.test.ts': 5 }, failures: [failure('tests/a.test.ts')] }

  test('calls a test that passes then unsteady, and counts it once among the passed', () => {
    const after = afterAgain(first, { ...NOTHING, passedIn: { 'tests/a.test.ts': 4 } }, filesAgain(first))
    expect(after).toEqual({ passedIn: { 'tests/a.test.ts': 4, 'tests/b.test.ts': 5 }, failures: [], unsteady: [failure('tests/a.test.ts')] })
    expect(lastWords([after])).toMatch(/\n9 passed, 0 failed$/)
  })

  test('keeps a test that fails again as one failed test, with what it said last', () => {
    const said = failure('tests/a.test.ts', 'adds up', 'expected 1 to be 3')
    const after = afterAgain(first, { ...NOTHING, passedIn: { 'tests/a.test.ts': 3 }, failures: [said] }, filesAgain(first))
    expect(after).toMatchObject({ failures: [said], unsteady: [] })
    expect(lastWords([after])).toMatch(/\n8 passed, 1 failed$/)
  })

  test('counts a test as failed that fails when it runs alone, though it passed among the others', () => {
    const other = failure('tests/a.test.ts', 'takes away')
    const after = afterAgain(first, { ...NOTHING, passedIn: { 'tests/a.test.ts': 3 }, failures: [other] }, filesAgain(first))
    expect(after).toMatchObject({ failures: [other], unsteady: [failure('tests/a.test.ts')] })
  })

  test('counts the tests of a file that could not be loaded at first', () => {
    const unread = { ...NOTHING, passedIn: { 'tests/a.test.ts': 0 }, failures: [failure('tests/a.test.ts', 'the file itself')] }
    expect(lastWords([afterAgain(unread, { ...NOTHING, passedIn: { 'tests/a.test.ts': 4 } }, ['tests/a.test.ts'])])).toMatch(/\n4 passed, 0 failed$/)
  })

  test('leaves alone what no file can be run for, and what chance cannot explain', () => {
    expect(filesAgain({ ...NOTHING, failures: [failure('unit and integration'), failure('tests/b.test.tsx'), failure('tests/b.test.tsx', 'x')] })).toEqual(['tests/b.test.tsx'])
    expect(filesAgain({ ...NOTHING, failures: Array.from({ length: 13 }, (_, at) => failure(`tests/${at}.test.ts`)) })).toEqual([])
    const loose = { ...first, failures: [...first.failures, failure('unit and integration')] }
    expect(afterAgain(loose, { ...NOTHING, passedIn: { 'tests/a.test.ts': 4 } }, filesAgain(loose)).failures).toEqual([failure('unit and integration')])
  })
})

describe('a step', () => {
  test('that fails without a failed test counts as one failure', () => {
    expect(answeringFor('unit', false, { ...NOTHING, passedIn: { a: 3 } }).failures).toMatchObject([{ file: 'unit' }])
  })

  test('that runs nothing has failed, however it ends', () => {
    expect(answeringFor('unit', true, NOTHING).failures).toMatchObject([{ file: 'unit', message: 'nothing was run' }])
  })

  test('that fails with failed tests counts those alone', () => {
    const outcome = { ...NOTHING, passedIn: { a: 3 }, failures: [failure('tests/a.test.ts')] }
    expect(answeringFor('unit', false, outcome)).toEqual(outcome)
  })
})

describe('the last words', () => {
  test('name every failed test in a few lines without colours, and end with the count', () => {
    const colours = '\u001B[31mexpected\u001B[39m 1\n\n  to be 2\n- 1\n+ 2\n  at far/away.ts'
    expect(lastWords([{ passedIn: { a: 2, b: 1 }, failures: [failure('tests/a.test.ts', 'a sum > adds\nup', colours)], unsteady: [failure('tests/b.test.ts')] }])).toBe(
      [
        'unsteady: tests/b.test.ts: adds up',
        '    expected 1 to be 2',
        'failed: tests/a.test.ts: a sum > adds up',
        '    expected 1',
        '      to be 2',
        '    - 1',
        '    + 2',
        '3 passed, 1 failed',
      ].join('\n'),
    )
  })

  test('stay short when very much failed', () => {
    const words = lastWords([{ ...NOTHING, failures: Array.from({ length: 400 }, (_, at) => failure(`tests/${at}.test.ts`, 'x', 'y'.repeat(5000))) }])
    expect(words).toMatch(/failed: 375 more\n0 passed, 400 failed$/)
    expect(words.length).toBeLessThan(10_000)
  })
})

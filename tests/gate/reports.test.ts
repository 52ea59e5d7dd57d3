import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '../support/data-folder.ts'
import { repoRoot } from '../support/repo-root.ts'
import { tooLittleCovered } from './coverage.ts'
import { readPlaywright, readTorture, readUnit } from './reports.ts'

/** A file of tests that goes wrong in every way; run with vitest's globals, because it is far from any node_modules. */
const BAD_FILE = `
  test('passes', () => {})
  describe('a sum', () => {
    test('adds up', () => { expect(1).toBe(2) })
    test('stays', () => {})
    describe('of hooks', () => {
      afterAll(() => { throw new Error('the hook broke') })
      test('is fine itself', () => {})
    })
  })
  test.skip('is not run', () => {})
`

test("reads from vitest's run each failed test once, what failed around tests, and how much passed in each file", () => {
  const root = tempFolder()
  writeFileSync(path.join(root, 'bad.test.ts'), BAD_FILE)
  writeFileSync(path.join(root, 'broken.test.ts'), `throw new Error('cannot be loaded')`)
  writeFileSync(path.join(root, 'good.test.ts'), `test('passes', () => {}); test('passes too', () => {})`)
  writeFileSync(path.join(root, 'loose.test.ts'), `test('passes', () => { void Promise.reject(new Error('nobody waited')) })`)
  const report = path.join(root, 'report.json')
  const vitest = path.join(repoRoot, 'node_modules/vitest/vitest.mjs')
  const reporter = path.join(repoRoot, 'tests/gate/unit-reporter.ts')
  const args = [vitest, 'run', `--root=${root}`, '--globals', '--maxWorkers=1', `--reporter=${reporter}`]
  expect(spawnSync(process.execPath, args, { cwd: root, env: { ...process.env, KEELSON_UNIT_REPORT: report } }).status).toBe(1)

  const { passedIn, failures } = readUnit(JSON.parse(readFileSync(report, 'utf8')))
  expect(passedIn).toEqual({ 'bad.test.ts': 3, 'broken.test.ts': 0, 'good.test.ts': 2, 'loose.test.ts': 1 })
  const told = new Set(failures.map(({ file, name, message }) => [file, name, message.split('\n')[0]].join(': ')))
  expect(told).toEqual(
    new Set([
      'bad.test.ts: a sum > adds up: expected 1 to be 2 // Object.is equality',
      'bad.test.ts: a sum > of hooks (its hooks): the hook broke',
      'broken.test.ts: the file itself: cannot be loaded',
      'loose.test.ts: an error no test waited for: nobody waited',
    ]),
  )
  expect(failures).toHaveLength(told.size)
})

test("reads Playwright's report: failed, tried again and passed, skipped", () => {
  const spec = (title: string, status: string, ...results: object[]): object => ({ title, file: 'a.spec.ts', tests: [{ status, results }] })
  const error = { message: 'nothing was shown' }
  const report = {
    config: { rootDir: '/house/tests/e2e' },
    errors: [{ message: 'the server did not start' }],
    suites: [
      {
        title: 'a.spec.ts',
        specs: [spec('opens', 'expected', { status: 'passed' }), spec('is not run', 'skipped')],
        suites: [
          {
            title: 'the window',
            specs: [
              spec('closes', 'unexpected', { status: 'failed', error }, { status: 'failed', error }),
              spec('shrinks', 'flaky', { status: 'timedOut', error }, { status: 'passed' }),
              spec('waits', 'unexpected', { status: 'interrupted' }),
            ],
          },
        ],
      },
    ],
  }
  expect(readPlaywright(report, '/house')).toEqual({
    passedIn: { 'tests/e2e': 2 },
    failures: [
      { file: 'tests/e2e/a.spec.ts', name: 'the window > closes', message: 'nothing was shown' },
      { file: 'tests/e2e/a.spec.ts', name: 'the window > waits', message: 'interrupted' },
      { file: 'tests/e2e', name: 'outside any test', message: 'the server did not start' },
    ],
    unsteady: [{ file: 'tests/e2e/a.spec.ts', name: 'the window > shrinks', message: 'nothing was shown' }],
  })
})

test("reads the torture's report: one failure for each check, with what went wrong first", () => {
  const results = [
    { id: 'R1', pass: true, note: '', failures: [] },
    { id: 'R2', pass: false, note: '100 kills', failures: ['a row is gone', 'another'] },
  ]
  expect(readTorture({ results })).toEqual({
    passedIn: { torture: 1 },
    failures: [{ file: 'torture', name: 'R2', message: 'a row is gone\nanother\n100 kills' }],
    unsteady: [],
  })
})

test('finds the part whose branches are taken by too few tests, adding up its files', () => {
  const branches = (covered: number, total: number): object => ({ branches: { covered, total } })
  const summary = {
    total: branches(20, 40),
    '/house/core/a/one.ts': branches(10, 10),
    '/house/core/a/deep/two.ts': branches(8, 10),
    '/house/core/b/one.ts': branches(8, 10),
    '/house/core/top.ts': branches(0, 10),
  }
  const floors = { 'core/a/**': { branches: 90 }, 'core/b/**': { branches: 90 }, 'core/*.ts': { branches: 0 }, 'none/**': { branches: 90 } }
  expect(tooLittleCovered(summary, floors, '/house')).toEqual([
    { file: 'core/b/**', name: 'branches that tests take', message: '80.00 %, and 90 % is the least' },
  ])
})

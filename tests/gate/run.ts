import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { BRANCHES } from '../../vitest.config.ts'
import { findChromium, installChromium } from './chromium.ts'
import { tooLittleCovered } from './coverage.ts'
import { afterAgain, answeringFor, filesAgain, lastWords, NOTHING, type Outcome } from './outcome.ts'
import { readPlaywright, readTorture, readUnit } from './reports.ts'

/**
 * The whole gate, as one command: lint, types, unit and integration tests with the coverage vitest.config.ts asks for, the fast part of
 * the torture, build, end-to-end tests in a real Chromium.
 * Every step runs even after a failure. The end names each test that failed and each that passed only when run again; the last line counts
 * over everything and the exit code says the same.
 */
const root = path.resolve(import.meta.dirname, '../..')
const reports = path.join(root, 'out/reports')
const bin = (name: string): string => path.join(root, 'node_modules/.bin', process.platform === 'win32' ? `${name}.cmd` : name)

const outcomes: Outcome[] = []

function run(title: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): boolean {
  console.log(`\n# ${title}`)
  const began = Date.now()
  const { status, error } = spawnSync(command, args, {
    cwd: root, stdio: 'inherit', shell: process.platform === 'win32', env: { ...process.env, PATH: `${path.dirname(bin('x'))}${path.delimiter}${process.env['PATH'] ?? ''}`, ...env },
  })
  if (error) console.error(error.message)
  console.log(`# ${title}: ${status === 0 ? 'ok' : 'FAILED'} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
  return status === 0
}

/** A step that passes or fails as one. */
function step(title: string, command: string, args: readonly string[]): void {
  const ok = run(title, command, args)
  outcomes.push(answeringFor(title, ok, ok ? { ...NOTHING, passedIn: { [title]: 1 } } : NOTHING))
}

/** Runs a test runner and reads the report it leaves; a report that is missing or cannot be read says nothing. */
function reported(title: string, command: string, args: readonly string[], report: string, read: (report: unknown) => Outcome, env: NodeJS.ProcessEnv = {}): { ok: boolean; outcome: Outcome } {
  rmSync(report, { force: true })
  const ok = run(title, command, args, env)
  try {
    return { ok, outcome: read(JSON.parse(readFileSync(report, 'utf8'))) }
  } catch (error) {
    return { ok: false, outcome: { ...NOTHING, failures: [{ file: title, name: 'its report', message: String(error) }] } }
  }
}

/** A test runner's step; every test counts. */
function suite(title: string, command: string, args: readonly string[], report: string, read: (report: unknown) => Outcome, env: NodeJS.ProcessEnv = {}): void {
  const { ok, outcome } = reported(title, command, args, report, read, env)
  outcomes.push(answeringFor(title, ok, outcome))
}

/** Playwright's tests in a real Chromium; one that fails is tried once more. */
function inChromium(title: string, config: string): void {
  const chromium = findChromium() ?? installChromium()
  if (chromium === undefined) {
    const message = 'no Chromium, Chrome or Edge was found and none could be installed; set KEELSON_CHROMIUM to one'
    outcomes.push({ ...NOTHING, failures: [{ file: title, name: 'the browser', message }] })
    return
  }
  const report = path.join(reports, `${path.basename(path.dirname(config))}.json`)
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: report, ...(chromium === 'playwright' ? {} : { KEELSON_CHROMIUM: chromium }) }
  suite(title, bin('playwright'), ['test', '-c', config, '--retries=1'], report, json => readPlaywright(json, root), env)
}

/** The unit and integration tests; files with a failed test are run once more, one after the other, when the machine has nothing else to do. */
function units(): void {
  const title = 'unit and integration'
  const report = path.join(reports, 'unit.json')
  const vitest = (name: string, args: readonly string[]): { ok: boolean; outcome: Outcome } =>
    reported(name, bin('vitest'), ['run', '--reporter=default', '--reporter=./tests/gate/unit-reporter.ts', ...args], report, readUnit, { KEELSON_UNIT_REPORT: report })
  const coverage = path.join(reports, 'coverage/coverage-summary.json')
  rmSync(coverage, { force: true })
  const first = vitest(title, ['--coverage'])
  const files = filesAgain(first.outcome)
  const again = files.length > 0 ? vitest(`${title}, what failed once more`, ['--maxWorkers=1', '--no-file-parallelism', ...files]) : undefined
  const { ok, outcome } = again ? { ok: again.ok, outcome: afterAgain(first.outcome, again.outcome, files) } : first
  const bare = existsSync(coverage)
    ? tooLittleCovered(JSON.parse(readFileSync(coverage, 'utf8')), BRANCHES, root)
    : [{ file: title, name: 'coverage', message: 'it was not measured' }]
  outcomes.push(answeringFor(title, ok, { ...outcome, failures: [...outcome.failures, ...bare] }))
}

mkdirSync(reports, { recursive: true })

step('lint', bin('oxlint'), ['--deny-warnings'])
for (const project of ['.', 'renderer', 'tests/e2e', 'tests/desktop']) step(`types ${project}`, bin('tsc'), ['-p', project])

units()

const tortureReport = path.join(reports, 'torture.json')
suite('torture, the fast part', process.execPath, ['tests/torture/run.ts', '--fast', `--report=${tortureReport}`], tortureReport, readTorture)

step('build', bin('electron-vite'), ['build'])

const packagingReport = path.join(reports, 'packaging-tests.json')
suite('packaging, for one system', bin('vitest'), ['run', '-c', 'tests/packaging/vitest.config.ts', '--reporter=default', '--reporter=./tests/gate/unit-reporter.ts'], packagingReport, readUnit, {
  KEELSON_UNIT_REPORT: packagingReport,
  KEELSON_PACK: 'one',
})

inChromium('end to end', 'tests/e2e/playwright.config.ts')
inChromium('the desktop', 'tests/desktop/playwright.config.ts')

console.log(`\n${lastWords(outcomes)}`)
process.exitCode = outcomes.every(({ failures }) => failures.length === 0) ? 0 : 1

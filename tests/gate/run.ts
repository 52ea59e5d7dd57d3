import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { findChromium, installChromium } from './chromium.ts'

/**
 * The whole gate, as one command: lint, types, unit and integration tests with the coverage vitest.config.ts asks for, the fast part of
 * the torture, build, end-to-end tests in a real Chromium.
 * Every step runs even after a failure; the last line counts over everything and the exit code says the same.
 */
const root = path.resolve(import.meta.dirname, '../..')
const reports = path.join(root, 'out/reports')
const bin = (name: string): string => path.join(root, 'node_modules/.bin', process.platform === 'win32' ? `${name}.cmd` : name)

interface Tally {
  passed: number
  failed: number
}

const total: Tally = { passed: 0, failed: 0 }

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
  total[run(title, command, args) ? 'passed' : 'failed'] += 1
}

/** A test runner's step: its own report is counted; one that left no readable report, or failed without a failed test, counts as one failure. */
function suite(title: string, command: string, args: readonly string[], report: string, count: (report: unknown) => Tally, env: NodeJS.ProcessEnv = {}): void {
  rmSync(report, { force: true })
  const ok = run(title, command, args, env)
  const tally = existsSync(report) ? count(JSON.parse(readFileSync(report, 'utf8'))) : { passed: 0, failed: 0 }
  if (!ok && tally.failed === 0) tally.failed = 1
  if (ok && tally.passed === 0) tally.failed = 1
  total.passed += tally.passed
  total.failed += tally.failed
}

function numberAt(value: unknown, ...keys: readonly string[]): number {
  const found = keys.reduce<unknown>((at, key) => Reflect.get(Object(at), key), value)
  return typeof found === 'number' ? found : 0
}

mkdirSync(reports, { recursive: true })

step('lint', bin('oxlint'), ['--deny-warnings'])
for (const project of ['.', 'renderer', 'tests/e2e']) step(`types ${project}`, bin('tsc'), ['-p', project])

const unitReport = path.join(reports, 'unit.json')
suite('unit and integration', bin('vitest'), ['run', '--coverage', '--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`], unitReport, report => ({
  passed: numberAt(report, 'numPassedTests'),
  failed: numberAt(report, 'numFailedTests') + numberAt(report, 'numFailedTestSuites'),
}))

const tortureReport = path.join(reports, 'torture.json')
suite('torture, the fast part', process.execPath, ['tests/torture/run.ts', '--fast', `--report=${tortureReport}`], tortureReport, report => {
  const results: unknown = Reflect.get(Object(report), 'results')
  const verdicts = Array.isArray(results) ? results.map(result => Reflect.get(Object(result), 'pass') === true) : []
  return { passed: verdicts.filter(Boolean).length, failed: verdicts.filter(passed => !passed).length }
})

step('build', bin('electron-vite'), ['build'])

const chromium = findChromium() ?? installChromium()
if (chromium === undefined) {
  console.error('# end to end: no Chromium, Chrome or Edge was found and none could be installed; set KEELSON_CHROMIUM to one.')
  total.failed += 1
} else {
  const e2eReport = path.join(reports, 'e2e.json')
  suite('end to end', bin('playwright'), ['test', '-c', 'tests/e2e/playwright.config.ts'], e2eReport, report => ({
    passed: numberAt(report, 'stats', 'expected') + numberAt(report, 'stats', 'flaky'),
    failed: numberAt(report, 'stats', 'unexpected'),
  }), { PLAYWRIGHT_JSON_OUTPUT_NAME: e2eReport, ...(chromium === 'playwright' ? {} : { KEELSON_CHROMIUM: chromium }) })
}

console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

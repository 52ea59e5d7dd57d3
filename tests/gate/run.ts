import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { BRANCHES } from '../../vitest.config.ts'
import { findChromium, installChromium } from './chromium.ts'
import { tooLittleCovered } from './coverage.ts'
import { folderInMemory } from './memory.ts'
import { afterAgain, answeringFor, filesAgain, lastWords, NOTHING, type Outcome } from './outcome.ts'
import { readPlaywright, readTorture, readUnit } from './reports.ts'
import { TOGETHER } from './together.ts'

/**
 * The whole gate, as one command: lint, types, unit and integration tests with the coverage vitest.config.ts asks for, build, packaging,
 * then one after the other the fast part of the torture, end-to-end tests in a real Chromium and the desktop: some of them hold limits of
 * time that busy neighbours would break.
 * Every step runs even after a failure. The end names each test that failed and each that passed only when run again; the last line counts
 * over everything and the exit code says the same.
 */
const root = path.resolve(import.meta.dirname, '../..')
const reports = path.join(root, 'out/reports')
const bin = (name: string): string => path.join(root, 'node_modules/.bin', process.platform === 'win32' ? `${name}.cmd` : name)

const outcomes: Outcome[] = []

/** Where every test keeps its files for the time of the gate. */
const memory = folderInMemory()
if (memory !== undefined) process.env['TMPDIR'] = memory
process.once('exit', () => {
  if (memory !== undefined) rmSync(memory, { recursive: true, force: true })
})

/** The tests whose coverage of the brokers' code is measured. */
const COVERING = 'tests/core/brokers'

interface Command {
  readonly title: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

async function run({ title, command, args, env = {} }: Command): Promise<boolean> {
  console.log(`\n# ${title}`)
  const began = Date.now()
  const child = spawn(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: `${path.dirname(bin('x'))}${path.delimiter}${process.env['PATH'] ?? ''}`, ...env },
  })
  const ok = await new Promise<boolean>(resolve => {
    child.once('error', error => {
      console.error(error.message)
      resolve(false)
    })
    child.once('close', code => resolve(code === 0))
  })
  console.log(`# ${title}: ${ok ? 'ok' : 'FAILED'} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
  return ok
}

/** A step that passes or fails as one. */
async function step(title: string, command: string, args: readonly string[]): Promise<void> {
  const ok = await run({ title, command, args })
  outcomes.push(answeringFor(title, ok, ok ? { ...NOTHING, passedIn: { [title]: 1 } } : NOTHING))
}

interface Reported extends Command {
  /** The file it leaves, and how that is read. */
  readonly report: string
  readonly read: (report: unknown) => Outcome
}

/** Runs a test runner and reads the report it leaves; a report that is missing or cannot be read says nothing. */
async function reported(suite: Reported): Promise<{ ok: boolean; outcome: Outcome }> {
  rmSync(suite.report, { force: true })
  const ok = await run(suite)
  try {
    return { ok, outcome: suite.read(JSON.parse(readFileSync(suite.report, 'utf8'))) }
  } catch (error) {
    return { ok: false, outcome: { ...NOTHING, failures: [{ file: suite.title, name: 'its report', message: String(error) }] } }
  }
}

/** A test runner's step; every test counts. */
async function suite(one: Reported): Promise<void> {
  const { ok, outcome } = await reported(one)
  outcomes.push(answeringFor(one.title, ok, outcome))
}

/** Playwright's tests in a real Chromium; one that fails is tried once more. */
async function inChromium(title: string, config: string, chromium: string | undefined): Promise<void> {
  if (chromium === undefined) {
    const message = 'no Chromium, Chrome or Edge was found and none could be installed; set KEELSON_CHROMIUM to one'
    outcomes.push({ ...NOTHING, failures: [{ file: title, name: 'the browser', message }] })
    return
  }
  const report = path.join(reports, `${path.basename(path.dirname(config))}.json`)
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: report, ...(chromium === 'playwright' ? {} : { KEELSON_CHROMIUM: chromium }) }
  const args = ['test', '-c', config, '--retries=1']
  await suite({ title, command: bin('playwright'), args, env, report, read: json => readPlaywright(json, root) })
}

/** One run of vitest; files with a failed test are run once more, one after the other, when the machine has nothing else to do. */
async function vitest(title: string, args: readonly string[]): Promise<{ ok: boolean; outcome: Outcome }> {
  const report = path.join(reports, 'unit.json')
  const go = (name: string, more: readonly string[]): Promise<{ ok: boolean; outcome: Outcome }> =>
    reported({
      title: name, command: bin('vitest'), report, read: readUnit, env: { KEELSON_UNIT_REPORT: report },
      args: ['run', '--reporter=default', '--reporter=./tests/gate/unit-reporter.ts', ...more],
    })
  const first = await go(title, args)
  const files = filesAgain(first.outcome)
  if (files.length === 0) return first
  const again = await go(`${title}, what failed once more`, ['--maxWorkers=1', '--no-file-parallelism', ...files])
  return { ok: again.ok, outcome: afterAgain(first.outcome, again.outcome, files) }
}

/**
 * The unit and integration tests. Coverage is measured where the brokers' own tests run: measuring makes every line run slower, also
 * those nobody asks about.
 */
async function units(): Promise<void> {
  const coverage = path.join(reports, 'coverage/coverage-summary.json')
  rmSync(coverage, { force: true })
  const brokers = await vitest('the brokers, with coverage', ['--coverage', '--no-isolate', COVERING])
  const bare = existsSync(coverage)
    ? tooLittleCovered(JSON.parse(readFileSync(coverage, 'utf8')), BRANCHES, root)
    : [{ file: 'the brokers', name: 'coverage', message: 'it was not measured' }]
  outcomes.push(answeringFor('the brokers, with coverage', brokers.ok, { ...brokers.outcome, failures: [...brokers.outcome.failures, ...bare] }))
  const parts = [
    { title: 'unit, in shared workers', args: ['--no-isolate', ...TOGETHER.map(folder => `${folder}/`)] },
    // What is left starts programs and waits for them.
    { title: 'unit and integration', args: ['--maxWorkers=3', ...[COVERING, ...TOGETHER].map(folder => `--exclude=${folder}/**`)] },
  ]
  for (const { title, args } of parts) {
    const { ok, outcome } = await vitest(title, args)
    outcomes.push(answeringFor(title, ok, outcome))
  }
}

mkdirSync(reports, { recursive: true })

await step('lint', bin('oxlint'), ['--deny-warnings'])
for (const project of ['.', 'renderer', 'tests/e2e', 'tests/desktop']) await step(`types ${project}`, bin('tsc'), ['-p', project])

await units()

await step('build', bin('electron-vite'), ['build'])

const packagingReport = path.join(reports, 'packaging-tests.json')
await suite({
  title: 'packaging, for one system', command: bin('vitest'), report: packagingReport, read: readUnit,
  args: ['run', '-c', 'tests/packaging/vitest.config.ts', '--reporter=default', '--reporter=./tests/gate/unit-reporter.ts'],
  env: { KEELSON_UNIT_REPORT: packagingReport, KEELSON_PACK: 'one' },
})

const tortureReport = path.join(reports, 'torture.json')
const chromium = findChromium() ?? installChromium()
await suite({
  title: 'torture, the fast part', command: process.execPath, report: tortureReport, read: readTorture,
  args: ['tests/torture/run.ts', '--fast', `--report=${tortureReport}`],
})
await inChromium('end to end', 'tests/e2e/playwright.config.ts', chromium)
await inChromium('the desktop', 'tests/desktop/playwright.config.ts', chromium)

console.log(`\n${lastWords(outcomes)}`)
process.exitCode = outcomes.every(({ failures }) => failures.length === 0) ? 0 : 1

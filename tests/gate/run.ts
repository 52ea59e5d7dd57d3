import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { BRANCHES } from '../../vitest.config.ts'
import { findChromium, installChromium } from './chromium.ts'
import { bin, type Command, root, run } from './command.ts'
import { tooLittleCovered } from './coverage.ts'
import { folderInMemory } from './memory.ts'
import { afterAgain, answeringFor, type Failure, filesAgain, lastWords, NOTHING, type Outcome } from './outcome.ts'
import { readPlaywright, readTorture, readUnit } from './reports.ts'
import { TOGETHER } from './together.ts'

/**
 * The whole gate, as one command. Build, packaging and the one check with a limit of a tenth of a second go first, by themselves. Then
 * what waits: the fast part of the torture, end-to-end tests in a real Chromium and the desktop, one after the other; beside it, with what
 * they leave of the processor, what only computes: lint, types, unit and integration tests with the coverage vitest.config.ts asks for.
 * Every step runs even after a failure. The end names each test that failed and each that passed only when run again; the last line counts
 * over everything and the exit code says the same.
 */
const reports = path.join(root, 'out/reports')

const outcomes: Outcome[] = []

/** Where every test keeps its files for the time of the gate. */
const memory = folderInMemory()
if (memory !== undefined) process.env['TMPDIR'] = memory
process.once('exit', () => {
  if (memory !== undefined) rmSync(memory, { recursive: true, force: true })
})

/** The tests whose coverage of the brokers' code is measured. */
const COVERING = 'tests/core/brokers'

/** A step that passes or fails as one; answers which. */
async function step(one: Command): Promise<boolean> {
  const { title } = one
  const ok = await run(one)
  outcomes.push(answeringFor(title, ok, ok ? { ...NOTHING, passedIn: { [title]: 1 } } : NOTHING))
  return ok
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

/** The check of the torture with a limit of a tenth of a second by the clock on the wall. */
const WATCHES_THE_CLOCK = 'R4'

async function torture(title: string, which: string): Promise<void> {
  const report = path.join(reports, 'torture.json')
  await suite({ title, command: process.execPath, report, read: readTorture, args: ['tests/torture/run.ts', '--fast', which, `--report=${report}`] })
}

interface Units {
  readonly title: string
  readonly ok: boolean
  readonly outcome: Outcome
  /** What it failed in besides its tests. */
  readonly besides: readonly Failure[]
}

/** One run of vitest. */
function vitest(title: string, args: readonly string[], yields: boolean): Promise<{ ok: boolean; outcome: Outcome }> {
  const report = path.join(reports, 'unit.json')
  return reported({
    title, command: bin('vitest'), report, read: readUnit, env: { KEELSON_UNIT_REPORT: report }, yields,
    args: ['run', '--reporter=default', '--reporter=./tests/gate/unit-reporter.ts', ...args],
  })
}

/** Files with a failed test are run once more, one after the other: when the machine has nothing else to do. */
async function onceMore({ title, ok, outcome: first, besides }: Units): Promise<void> {
  const files = filesAgain(first)
  const again = files.length === 0 ? undefined : await vitest(`${title}, what failed once more`, ['--maxWorkers=1', '--no-file-parallelism', ...files], false)
  const outcome = again === undefined ? first : afterAgain(first, again.outcome, files)
  outcomes.push(answeringFor(title, again?.ok ?? ok, { ...outcome, failures: [...outcome.failures, ...besides] }))
}

/**
 * The unit and integration tests. Coverage is measured where the brokers' own tests run: measuring makes every line run slower, also
 * those nobody asks about.
 */
async function units(): Promise<Units[]> {
  const coverage = path.join(reports, 'coverage/coverage-summary.json')
  rmSync(coverage, { force: true })
  const covered = 'the brokers, with coverage'
  const brokers = await vitest(covered, ['--coverage', '--no-isolate', COVERING], true)
  const bare = existsSync(coverage)
    ? tooLittleCovered(JSON.parse(readFileSync(coverage, 'utf8')), BRANCHES, root)
    : [{ file: 'the brokers', name: 'coverage', message: 'it was not measured' }]
  const done: Units[] = [{ title: covered, ...brokers, besides: bare }]
  // Many of them wait for programs, threads and sockets: a third worker takes up what two leave.
  const parts = [
    { title: 'unit, in shared workers', args: ['--maxWorkers=3', '--no-isolate', ...TOGETHER.map(folder => `${folder}/`)] },
    { title: 'unit and integration', args: ['--maxWorkers=3', ...[COVERING, ...TOGETHER].map(folder => `--exclude=${folder}/**`)] },
  ]
  for (const { title, args } of parts) done.push({ title, ...(await vitest(title, args, true)), besides: [] })
  return done
}

/** What only computes: it may take as long as it likes. */
async function inTheBackground(): Promise<Units[]> {
  // A compiler works on one processor, and the torture, which goes before, leaves most of both.
  await Promise.all([step({ title: 'lint', command: bin('oxlint'), args: ['--deny-warnings'], yields: true }), types()])
  return units()
}

async function types(): Promise<void> {
  for (const project of ['.', 'renderer', 'tests/e2e', 'tests/desktop'])
    await step({ title: `types ${project}`, command: bin('tsc'), args: ['-p', project], yields: true })
}

/** What waits and watches the time: it goes first wherever both want the processor. */
async function inFront(chromium: string | undefined): Promise<void> {
  await torture('torture, the fast part', `--but=${WATCHES_THE_CLOCK}`)
  await inChromium('end to end', 'tests/e2e/playwright.config.ts', chromium)
  await inChromium('the desktop', 'tests/desktop/playwright.config.ts', chromium)
}

mkdirSync(reports, { recursive: true })
const chromium = findChromium() ?? installChromium()

// Units start the command and its threads as they were just built: that takes half of what the source takes.
if (await step({ title: 'build', command: bin('electron-vite'), args: ['build'] })) process.env['KEELSON_BUILT'] = path.join(root, 'out/headless')
const packagingReport = path.join(reports, 'packaging-tests.json')
await suite({
  title: 'packaging, for one system', command: bin('vitest'), report: packagingReport, read: readUnit,
  args: ['run', '-c', 'tests/packaging/vitest.config.ts', '--reporter=default', '--reporter=./tests/gate/unit-reporter.ts'],
  env: { KEELSON_UNIT_REPORT: packagingReport, KEELSON_PACK: 'one' },
})

// Nothing runs beside it.
await torture('torture, a lock whose holder is killed', `--only=${WATCHES_THE_CLOCK}`)

const [, done] = await Promise.all([inFront(chromium), inTheBackground()])
for (const part of done) await onceMore(part)

console.log(`\n${lastWords(outcomes)}`)
process.exitCode = outcomes.every(({ failures }) => failures.length === 0) ? 0 : 1

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { tortureFolder } from './support/folder.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'
import { saidList, saidNumber, saidText } from './support/said.ts'

const TABLE = 'tests/core/vault/keyring-scenarios.test.ts'

/**
 * R11: everything that can happen to a key store, on every kind of store, through the whole core: nothing secret is readable, nothing is
 * deleted, each has its own sentence, and it opens once things are right. The table is that of the unit tests, which is run here.
 */
export async function torture({ fast }: TortureOptions): Promise<TortureResult[]> {
  const began = performance.now()
  using folder = tortureFolder('keyring')
  const report = path.join(folder.path, 'report.json')
  const root = path.join(import.meta.dirname, '../..')
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs')
  const only = fast ? ['-t', 'KWallet 6|own sentence'] : []
  const { stderr } = spawnSync(process.execPath, [vitest, 'run', TABLE, ...only, '--reporter=json', `--outputFile=${report}`], {
    cwd: root,
  })
  const found: unknown = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null
  const [passed, failed] = [saidNumber(found, 'numPassedTests') || 0, saidNumber(found, 'numFailedTests') || 0]
  const failures = passed === 0 ? [`the table did not run: ${stderr.toString().slice(0, 500)}`] : failedIn(found)
  const note = `${passed} of ${passed + failed} cells of scenario and store, with a sentence for each scenario; 0 secrets readable and 0 keys deleted in those that passed`
  return [judge({ id: 'R11', runs: passed + failed, lost: failed, value: failed, unit: 'cells that failed', note, failures }, began)]
}

function failedIn(report: unknown): string[] {
  const tests = saidList(report, 'testResults').flatMap(file => saidList(file, 'assertionResults'))
  return tests.filter(each => saidText(each, 'status') === 'failed').map(each => saidText(each, 'fullName'))
}

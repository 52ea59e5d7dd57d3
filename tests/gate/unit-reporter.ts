import { writeFileSync } from 'node:fs'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'
import type { z } from 'zod'
import type { Failure } from './outcome.ts'
import type { UnitReport } from './reports.ts'

/** A reporter of vitest's: writes what failed, and how much passed in each file, to the file that KEELSON_UNIT_REPORT names. */
export default function unitReporter(): Reporter {
  return {
    onTestRunEnd(modules, unhandled) {
      const file = process.env['KEELSON_UNIT_REPORT']
      if (file === undefined) return
      const loose = unhandled.map(error => ({ file: fileOf(error, modules), name: 'an error no test waited for', message: text(error) }))
      const report: z.infer<typeof UnitReport> = {
        passedIn: Object.fromEntries(modules.map(module => [module.relativeModuleId, [...module.children.allTests('passed')].length])),
        failures: [...modules.flatMap(failuresOf), ...loose],
      }
      writeFileSync(file, JSON.stringify(report))
    },
  }
}

/** The failed tests of a file, and what failed around them: the file itself, hooks of a group. */
function failuresOf(module: TestModule): Failure[] {
  const file = module.relativeModuleId
  const tests = [...module.children.allTests('failed')].map(test => ({ name: test.fullName, errors: test.result().errors ?? [] }))
  const groups = [...module.children.allSuites()].map(suite => ({ name: `${suite.fullName} (its hooks)`, errors: suite.errors() }))
  const around = [{ name: 'the file itself', errors: module.errors() }, ...groups].filter(({ errors }) => errors.length > 0)
  return [...tests, ...around].map(({ name, errors }) => ({ file, name, message: errors.map(text).join('\n') }))
}

function text({ message, stack = '' }: SerializedError): string {
  const where = stack.split('\n').find(line => /^\s*at .*\/tests\//.test(line))
  return [message, ...(where === undefined ? [] : [where.trim()])].join('\n')
}

function fileOf(error: SerializedError, modules: readonly TestModule[]): string {
  const path: unknown = Reflect.get(error, 'VITEST_TEST_PATH')
  return modules.find(({ moduleId }) => moduleId === path)?.relativeModuleId ?? 'unit and integration'
}

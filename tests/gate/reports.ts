import path from 'node:path'
import { z } from 'zod'
import type { Failure, Outcome } from './outcome.ts'

/** What unit-reporter.ts writes: how many passed in each file, every failed test, and errors that belong to none. */
export const UnitReport = z.object({
  passedIn: z.record(z.string(), z.number()),
  failures: z.array(z.object({ file: z.string(), name: z.string(), message: z.string() })),
})

const TortureReport = z.object({
  results: z.array(z.object({ id: z.string(), pass: z.boolean(), note: z.string(), failures: z.array(z.string()) })),
})

const Spec = z.object({
  title: z.string(),
  file: z.string(),
  tests: z.array(
    z.object({
      status: z.enum(['expected', 'unexpected', 'flaky', 'skipped']),
      results: z.array(z.object({ status: z.string().optional(), error: z.object({ message: z.string().optional() }).optional() })),
    }),
  ),
})
interface Suite {
  readonly title: string
  readonly specs: readonly z.infer<typeof Spec>[]
  readonly suites?: readonly Suite[] | undefined
}
const SuiteShape: z.ZodType<Suite> = z.lazy(() =>
  z.object({ title: z.string(), specs: z.array(Spec), suites: z.array(SuiteShape).optional() }),
)
const PlaywrightReport = z.object({
  config: z.object({ rootDir: z.string() }),
  suites: z.array(SuiteShape),
  errors: z.array(z.object({ message: z.string().optional() })).default([]),
})

export function readUnit(report: unknown): Outcome {
  return { ...UnitReport.parse(report), unsteady: [] }
}

/** The torture: each result is one check; what went wrong first speaks for it. */
export function readTorture(report: unknown): Outcome {
  const { results } = TortureReport.parse(report)
  const failed = results.filter(({ pass }) => !pass)
  return {
    passedIn: { torture: results.length - failed.length },
    failures: failed.map(({ id, note, failures }) => ({ file: 'torture', name: id, message: [...failures, note].join('\n') })),
    unsteady: [],
  }
}

/** Playwright's own report; files are named from `root`. A test that passed only when tried again is unsteady. */
export function readPlaywright(report: unknown, root: string): Outcome {
  const { config, suites, errors } = PlaywrightReport.parse(report)
  const folder = path.relative(root, config.rootDir).split(path.sep).join('/')
  const tests = suites.flatMap(suite => testsOf(suite, [], folder))
  const of = (status: string): Failure[] => tests.filter(test => test.status === status).map(({ failure }) => failure)
  const unsteady = of('flaky')
  return {
    passedIn: { [folder]: of('expected').length + unsteady.length },
    failures: [...of('unexpected'), ...errors.map(({ message = '' }) => ({ file: folder, name: 'outside any test', message }))],
    unsteady,
  }
}

function testsOf(suite: Suite, titles: readonly string[], folder: string): { status: string; failure: Failure }[] {
  const own = suite.specs.flatMap(spec =>
    spec.tests.map(({ status, results }) => ({
      status,
      failure: {
        file: `${folder}/${spec.file}`,
        name: [...titles, spec.title].join(' > '),
        message: results.find(({ error }) => error !== undefined)?.error?.message ?? results.find(result => result.status !== 'passed')?.status ?? '',
      },
    })),
  )
  return [...own, ...(suite.suites ?? []).flatMap(inner => testsOf(inner, [...titles, inner.title], folder))]
}

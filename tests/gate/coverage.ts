import path from 'node:path'
import { z } from 'zod'
import type { Failure } from './outcome.ts'

const Summary = z.record(z.string(), z.object({ branches: z.object({ covered: z.number(), total: z.number() }) }))

/**
 * Parts of the code whose branches are taken by fewer tests than they must be, from coverage-summary.json. vitest says the same, but not
 * apart from tests that failed. `floors` gives percent by pattern, as in vitest.config.ts.
 */
export function tooLittleCovered(summary: unknown, floors: Readonly<Record<string, { readonly branches: number }>>, root: string): Failure[] {
  const files = Object.entries(Summary.parse(summary)).map(([file, { branches }]) => ({ file: path.relative(root, file), branches }))
  return Object.entries(floors).flatMap(([pattern, floor]) => {
    const counted = files.filter(({ file }) => path.matchesGlob(file, pattern)).map(({ branches }) => branches)
    const total = counted.reduce((sum, branches) => sum + branches.total, 0)
    const percent = (100 * counted.reduce((sum, branches) => sum + branches.covered, 0)) / total
    return total === 0 || percent >= floor.branches
      ? []
      : [{ file: pattern, name: 'branches that tests take', message: `${percent.toFixed(2)} %, and ${floor.branches} % is the least` }]
  })
}

import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { TortureOptions, TortureResult } from './support/result.ts'

/** Every check and the file that makes it. Add a line to add a check. */
const CHECKS: readonly {
  readonly id: string
  readonly load: () => Promise<{ torture(options: TortureOptions): Promise<TortureResult[]> }>
}[] = [
  { id: 'R1', load: () => import('./r1.ts') },
  { id: 'R2', load: () => import('./r2.ts') },
  { id: 'R3', load: () => import('./r3.ts') },
  { id: 'R4', load: () => import('./r4.ts') },
  { id: 'R5', load: () => import('./r5.ts') },
  { id: 'R6', load: () => import('./r6.ts') },
  { id: 'R7', load: () => import('./r7.ts') },
  { id: 'R8', load: () => import('./r8.ts') },
  { id: 'R9', load: () => import('./r9.ts') },
  { id: 'R10', load: () => import('./r10.ts') },
  { id: 'R11', load: () => import('./r11.ts') },
  { id: 'R12', load: () => import('./r12.ts') },
  { id: 'O1', load: () => import('./o1.ts') },
  { id: 'O1K', load: () => import('./o1-kills.ts') },
  { id: 'O2', load: () => import('./o2.ts') },
  { id: 'O3', load: () => import('./o3.ts') },
  { id: 'O4', load: () => import('./o4.ts') },
  { id: 'O5', load: () => import('./o5.ts') },
  { id: 'O6', load: () => import('./o6.ts') },
]

const SEED = 20_261_121

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    but: { type: 'string', default: '' },
    fast: { type: 'boolean', default: false },
    report: { type: 'string' },
    seed: { type: 'string', default: String(SEED) },
  },
})
const known = CHECKS.map(({ id }) => id)
const named = (list: string): string[] => list.split(',').map(id => id.trim().toUpperCase()).filter(id => id !== '')
const [only, but] = [values.only === undefined ? known : named(values.only), named(values.but)]
const strangers = [...only, ...but].filter(id => !known.includes(id))
const wanted = new Set(only.filter(id => !but.includes(id)))
if (strangers.length > 0) {
  console.error(`There is no check ${strangers.join(', ')}. There are ${known.join(', ')}.`)
  process.exit(2)
}

const seed = Number(values.seed)
if (!Number.isSafeInteger(seed)) {
  console.error('--seed takes a whole number.')
  process.exit(2)
}

const results: TortureResult[] = []
for (const { id, load } of CHECKS) {
  if (!wanted.has(id)) continue
  const began = performance.now()
  const found = await load()
    .then(check => check.torture({ fast: values.fast, seed }))
    .catch((error: unknown) => [broken(id, error, began)])
  for (const result of found) {
    results.push(result)
    if (!values.json) console.log(lines(result))
  }
}
if (values.json) console.log(JSON.stringify({ results }))
if (values.report !== undefined) writeFileSync(values.report, JSON.stringify({ results }))
process.exitCode = results.length > 0 && results.every(result => result.pass) ? 0 : 1

/** A check that could not even be made has failed. */
function broken(id: string, error: unknown, began: number): TortureResult {
  const seconds = Math.round((performance.now() - began) / 100) / 10
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { id, runs: 0, lost: 0, value: 0, unit: '', limit: 0, pass: false, seconds, note: 'it could not be run', failures: [why] }
}

function lines({ id, runs, lost, value, unit, limit, pass, seconds, note, failures }: TortureResult): string {
  const verdict = `${id.padEnd(4)} ${pass ? 'ok  ' : 'FAIL'} ${String(runs).padStart(6)} runs, ${lost} lost, ${value} ${unit} (limit ${limit}), ${seconds} s`
  const again =
    failures.length > 0 && id !== ''
      ? [`       repeat with: npm run torture -- --only ${id} --seed ${seed}${values.fast ? ' --fast' : ''}`]
      : []
  return [verdict, `       ${note}`, ...failures.map(failure => `     - ${failure}`), ...again].join('\n')
}

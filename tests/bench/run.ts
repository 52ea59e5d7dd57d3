import { parseArgs } from 'node:util'
import type { BenchResult } from './support/measure.ts'

/** Every check and the file that measures it; a file may measure several in one go. Add a line to add a check. */
const CHECKS: readonly { readonly ids: readonly string[]; readonly load: () => Promise<{ measure(): Promise<BenchResult[]> }> }[] = [
  { ids: ['S1', 'S2', 'S5'], load: () => import('./s1.ts') },
  { ids: ['L1', 'L1FLEX'], load: () => import('./l1.ts') },
  { ids: ['S3'], load: () => import('./s3.ts') },
  { ids: ['S4'], load: () => import('./s4.ts') },
  { ids: ['Q1', 'Q1P99'], load: () => import('./q1.ts') },
  { ids: ['Q2'], load: () => import('./q2.ts') },
  { ids: ['Q3'], load: () => import('./q3.ts') },
  { ids: ['Q4', 'Q4SCAN'], load: () => import('./q4.ts') },
  { ids: ['I2', 'I2IPC'], load: () => import('./i2.ts') },
  { ids: ['N1', 'N1RATE'], load: () => import('./n1.ts') },
  { ids: ['C1', 'C1P99'], load: () => import('./c1.ts') },
  { ids: ['A1', 'A2'], load: () => import('./a1.ts') },
  { ids: ['A1DESK', 'A2DESK'], load: () => import('./d1.ts') },
  { ids: ['A4', 'A4CPU'], load: () => import('./a4.ts') },
  { ids: ['A4DESK', 'A4DESKCPU', 'A5', 'A5MB'], load: () => import('./d4.ts') },
  { ids: ['A6'], load: () => import('./a6.ts') },
  { ids: ['T1'], load: () => import('./t1.ts') },
  { ids: ['T2', 'T2S', 'T2ONE'], load: () => import('./t2.ts') },
  { ids: ['T3'], load: () => import('./t3.ts') },
  { ids: ['P1'], load: () => import('./p1.ts') },
  { ids: ['P2'], load: () => import('./p2.ts') },
  { ids: ['P3', 'P4', 'P5', 'P7'], load: () => import('./p3.ts') },
  { ids: ['P6'], load: () => import('./p6.ts') },
]

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, only: { type: 'string' } } })
const known = CHECKS.flatMap(({ ids }) => ids)
const wanted = new Set(values.only?.split(',').map(id => id.trim().toUpperCase()) ?? known)
const strangers = [...wanted].filter(id => !known.includes(id))
if (strangers.length > 0) {
  console.error(`There is no check ${strangers.join(', ')}. There are ${known.join(', ')}.`)
  process.exit(2)
}

const results: BenchResult[] = []
for (const { ids, load } of CHECKS) {
  if (!ids.some(id => wanted.has(id))) continue
  const check = await load()
  for (const result of await check.measure()) {
    if (!wanted.has(result.id)) continue
    results.push(result)
    if (!values.json) console.log(line(result))
  }
}
if (values.json) console.log(JSON.stringify({ results }))
process.exitCode = results.every(result => result.pass) ? 0 : 1

function line({ id, value, unit, floor, goal, pass, note }: BenchResult): string {
  const reached = goal >= floor ? value >= goal : value <= goal
  return `${id.padEnd(3)} ${pass ? (reached ? 'goal ' : 'floor') : 'FAIL '} ${String(value).padStart(8)} ${unit.padEnd(22)} goal ${goal}, floor ${floor}  ${note}`
}

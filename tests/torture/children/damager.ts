import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../../../shared/contract/errors.ts'
import { type Dice, dice, pick, roll } from '../support/dice.ts'
import { fingerprints } from '../support/files.ts'
import { saidNumber, saidText } from '../support/said.ts'
import { copySample, DATABASE, type Held, readSample } from '../support/sample.ts'

/**
 * Damages copies of a data folder and opens each with the real thing: `damager.ts <sample> <work> <base>`. Told a target (`log` or
 * `database`), a number of tries, a seed and where the log ended after each generation, it says what came of them.
 */
const [sample = '', work = '', baseText = '0'] = process.argv.slice(2)
const base = Number(baseText)
const file = path.join(work, DATABASE)

interface Damage {
  readonly kind: 'cut' | 'flip' | 'zero'
  /** The first byte that is not as it was. */
  readonly at: number
}

interface Tally {
  whole: number
  refused: number
  older: number
  /** Opened, with a value the database cannot know to be wrong. */
  changed: number
  failures: string[]
}

function damage(target: string, next: Dice): Damage {
  const content = readFileSync(target)
  const at = roll(next, content.length)
  const kind = pick<Damage['kind']>(next, ['cut', 'flip', 'zero'])
  if (kind === 'cut') truncateSync(target, at)
  else if (kind === 'flip') content[at] = (content[at] ?? 0) ^ (1 << roll(next, 8))
  else content.fill(0, at, Math.min(content.length, at + pick(next, [1, 24, 512, 4096])))
  if (kind !== 'cut') writeFileSync(target, content)
  return { kind, at }
}

async function opened(): Promise<Held | AppError> {
  try {
    return await readSample(work)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

function ends(message: unknown): [generation: number, end: number][] {
  return Object.entries(JSON.parse(saidText(message, 'ends')) as Record<string, number>).map(([generation, end]) => [
    Number(generation),
    end,
  ])
}

async function once(
  target: 'log' | 'database',
  next: Dice,
  logEnds: readonly [number, number][],
  where: string,
  tally: Tally,
): Promise<void> {
  copySample({ folder: sample }, work)
  const { kind, at } = damage(target === 'log' ? `${file}-wal` : file, next)
  const before = fingerprints(file)
  const what = `${kind} at byte ${at} of the ${target}, ${where}`
  const held = await opened().catch((error: unknown) => void tally.failures.push(`${String(error)}: ${what}`))
  if (!held) return
  if (held instanceof AppError) {
    tally.refused += 1
    // Everything before the log was folded in is whole, so a damaged log is no reason to refuse.
    if (target === 'log' || fingerprints(file) !== before)
      tally.failures.push(`refused with ${held.code}, ${fingerprints(file) === before ? 'unchanged' : 'CHANGED'}: ${what}`)
    return
  }
  const newest = logEnds.at(-1)?.[0] ?? base
  const atLeast = target === 'database' ? base : (logEnds.findLast(([, end]) => end <= at)?.[0] ?? base)
  if (held.torn !== '' && target === 'database') tally.changed += 1
  else if (held.torn !== '') tally.failures.push(`${held.torn}: ${what}`)
  else if (held.generation < atLeast)
    tally.failures.push(`generation ${held.generation}, ${atLeast} was committed before the damage: ${what}`)
  else if (held.generation === newest) tally.whole += 1
  else tally.older += 1
}

async function run(message: unknown): Promise<void> {
  const [seed, tries] = [saidNumber(message, 'seed'), saidNumber(message, 'tries')]
  const target = saidText(message, 'target') === 'log' ? 'log' : 'database'
  const next = dice(seed)
  const tally: Tally = { whole: 0, refused: 0, older: 0, changed: 0, failures: [] }
  for (let number = 0; number < tries; number += 1) await once(target, next, ends(message), `try ${number} of seed ${seed}`, tally)
  process.send?.(tally)
}

mkdirSync(work, { recursive: true })
process.on('message', message => void run(message))
process.on('disconnect', () => process.exit(0))
process.send?.({ up: true })

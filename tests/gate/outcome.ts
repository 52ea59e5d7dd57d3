/** A test that failed: where it is, what it is called and what it said. */
export interface Failure {
  /** The test's file, from the root of the checkout; the name of the step when no file is to blame. */
  readonly file: string
  readonly name: string
  readonly message: string
}

/** What a step of the gate came to. `unsteady` failed at first and passed when run again; those are counted among `passed`. */
export interface Outcome {
  /** How many passed, by file or step. */
  readonly passedIn: Readonly<Record<string, number>>
  readonly failures: readonly Failure[]
  readonly unsteady: readonly Failure[]
}

export const NOTHING: Outcome = { passedIn: {}, failures: [], unsteady: [] }

/** More files than this do not fail by chance, and are not run again. */
const MOST_FILES_AGAIN = 12

/** The test files to run once more; none when so many failed that chance is no explanation. */
export function filesAgain({ failures }: Outcome): string[] {
  const files = [...new Set(failures.map(({ file }) => file))].filter(file => /\.test\.tsx?$/.test(file))
  return files.length > MOST_FILES_AGAIN ? [] : files
}

/**
 * What a run comes to once some of its files have been run again: for them the second run counts. A test that failed only the first time
 * is unsteady; whatever fails the second time has failed.
 */
export function afterAgain(first: Outcome, again: Outcome, files: readonly string[]): Outcome {
  const key = ({ file, name }: Failure): string => `${file}\n${name}`
  const failedAgain = new Set(again.failures.map(key))
  const ranAgain = first.failures.filter(({ file }) => files.includes(file))
  const elsewhere = Object.entries(first.passedIn).filter(([file]) => !files.includes(file))
  return {
    passedIn: { ...Object.fromEntries(elsewhere), ...again.passedIn },
    failures: [...first.failures.filter(({ file }) => !files.includes(file)), ...again.failures],
    unsteady: [...first.unsteady, ...ranAgain.filter(failure => !failedAgain.has(key(failure)))],
  }
}

/** The same, with a failure of its own when the step failed although nothing in its report did, or when it passed without a single test. */
export function answeringFor(step: string, ok: boolean, outcome: Outcome): Outcome {
  const without = (message: string): Outcome => ({ ...outcome, failures: [{ file: step, name: step, message }] })
  if (outcome.failures.length > 0) return outcome
  if (!ok) return without('it failed without a failed test; what it said is above')
  return passedOf(outcome) === 0 ? without('nothing was run') : outcome
}

export function passedOf({ passedIn }: Outcome): number {
  return Object.values(passedIn).reduce((sum, passed) => sum + passed, 0)
}

const SHOWN = 25
const LINES = 4
const WIDTH = 200

/** The end of what the gate prints: each unsteady and each failed test in a few short lines, then the count. */
export function lastWords(outcomes: readonly Outcome[]): string {
  const failures = outcomes.flatMap(outcome => outcome.failures)
  const passed = outcomes.reduce((sum, outcome) => sum + passedOf(outcome), 0)
  const unsteady = outcomes.flatMap(outcome => outcome.unsteady)
  return [...shown('unsteady', unsteady), ...shown('failed', failures), `${passed} passed, ${failures.length} failed`].join('\n')
}

function shown(word: string, failures: readonly Failure[]): string[] {
  const more = failures.length - SHOWN
  return [
    ...failures.slice(0, SHOWN).flatMap(({ file, name, message }) => [`${word}: ${file}: ${oneLine(name)}`, ...firstLines(message)]),
    ...(more > 0 ? [`${word}: ${more} more`] : []),
  ]
}

function firstLines(message: string): string[] {
  const lines = withoutColours(message).split('\n').map(line => line.trimEnd()).filter(line => line.trim() !== '')
  return lines.slice(0, LINES).map(line => `    ${line.slice(0, WIDTH)}`)
}

const oneLine = (text: string): string => withoutColours(text).replace(/\s+/g, ' ').slice(0, WIDTH)

function withoutColours(text: string): string {
  const escape = String.fromCodePoint(27)
  return text.replaceAll(new RegExp(`${escape}\\[[0-9;]*[A-Za-z]`, 'g'), '')
}

import type { Preview, PreviewRow, Verdict } from '../../state/imports.ts'
import type { IconName } from '../../ui/icons.tsx'

export const VERDICTS = ['new', 'already-there', 'conflict', 'unknown'] as const satisfies readonly Verdict[]

interface Words {
  readonly word: string
  readonly meaning: string
  readonly tone: 'good' | 'neutral' | 'warn'
  readonly icon: IconName
}

/** What each verdict means for the user's history. */
export const VERDICT_WORDS: Readonly<Record<Verdict, Words>> = {
  new: { word: 'New', meaning: 'Will be added.', tone: 'good', icon: 'plus' },
  'already-there': { word: 'Already there', meaning: 'The history has it; it is left alone.', tone: 'neutral', icon: 'check' },
  conflict: { word: 'Conflict', meaning: 'The history says something else for it; it is not imported.', tone: 'warn', icon: 'warn' },
  unknown: { word: 'Unknown', meaning: 'Keelson does not know this kind of row.', tone: 'neutral', icon: 'info' },
}

/** The rows of one verdict, or all of them. */
export function rowsOf({ rows }: Pick<Preview, 'rows'>, filter: Verdict | null): readonly PreviewRow[] {
  return filter === null ? rows : rows.filter(({ verdict }) => verdict === filter)
}

/** How many rows have a verdict. */
export function countOf({ counts }: Pick<Preview, 'counts'>, verdict: Verdict): number {
  return verdict === 'already-there' ? counts.alreadyThere : counts[verdict]
}

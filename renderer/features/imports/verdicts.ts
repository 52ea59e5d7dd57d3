import { formatCount, formatDate, formatMoney, formatPrice, formatQuantity, plural } from '../../lib/format/index.ts'
import type { ImportLine, Preview, PreviewRow, Verdict } from '../../state/imports.ts'
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
  conflict: {
    word: 'Conflict',
    meaning: 'The history says something else for it; it is left out unless you add it.',
    tone: 'warn',
    icon: 'warn',
  },
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

/** What the user has ticked below a preview. */
export interface Ticked {
  readonly withUnknown: boolean
  readonly withConflicts: boolean
  /** The file may go into an account it does not name. */
  readonly otherAccount: boolean
}

/** How many rows would be imported, whether that may begin, and what the button says. */
export function decisionOn(
  { counts, addableConflicts, accountMismatch }: Pick<Preview, 'counts' | 'addableConflicts' | 'accountMismatch'>,
  { withUnknown, withConflicts, otherAccount }: Ticked,
): { readonly count: number; readonly ready: boolean; readonly word: string } {
  const count = counts.new + (withUnknown ? counts.unknown : 0) + (withConflicts ? addableConflicts : 0)
  const ready = count > 0 && (!accountMismatch || otherAccount)
  return { count, ready, word: count === 0 ? 'Nothing to import' : `Import ${plural(count, 'row')}` }
}

/** `3 rows of 120 added`, or that a file had nothing new. */
export function whatItAdded({ added, rows }: Pick<ImportLine, 'added' | 'rows'>): string {
  return added === 0 ? `Nothing new in ${plural(rows, 'row')}, looked at` : `${plural(added, 'row')} of ${formatCount(rows)} added`
}

/** What the history says where a row of the file says something else: `History: 10 at 170.00, −$1,700.05`. */
export function historyWords({ history, currency, tradeDate }: Pick<PreviewRow, 'history' | 'currency' | 'tradeDate'>): string {
  if (history === null) return ''
  const day = history.tradeDate === tradeDate ? '' : `${formatDate(history.tradeDate)}, `
  const size =
    history.quantity === null
      ? []
      : [`${formatQuantity(history.quantity)}${history.price === null ? '' : ` at ${formatPrice(history.price)}`}`]
  const money = history.amount === null ? [] : [formatMoney(history.amount, currency)]
  return `History: ${day}${[...size, ...money].join(', ')}`
}

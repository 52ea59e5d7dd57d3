import { AppError } from '../../../shared/contract/errors.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import type { BrokerId } from '../../../shared/domain/broker.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'

/** What a row of a file says; who it is comes with its fingerprint when the file names no id. */
export type FileFacts = Omit<ActivityFacts, 'externalId'>

/** One row of a file. */
export interface FileRow {
  /** Where it stands: the line of a text file, the number of the entry in any other; from 1. */
  readonly line: number
  /** The broker's own id; null where the file has none. */
  readonly ownId: string | null
  readonly facts: FileFacts
  /** The row as JSON text. */
  readonly raw: string
  /** False when Keelson does not know what the row is: its facts claim nothing then. */
  readonly known: boolean
}

/** A file as read. */
export interface ParsedFile {
  readonly rows: readonly FileRow[]
  /** Columns or parts of the file Keelson knows nothing of; their text stays in the raw rows. */
  readonly unknownColumns: readonly string[]
  /** The number of the account the file speaks of; null where it names none. Never shown or stored. */
  readonly accountNumber: string | null
  /** Sentences for the user: what was left out and why. */
  readonly notes: readonly string[]
}

/** One kind of file. */
export interface FileFormat {
  readonly id: FormatId
  /** `Schwab transaction history (CSV)` */
  readonly label: string
  /** Whose files these are; empty for a format of many brokers. */
  readonly brokers: readonly BrokerId[]
  /** Brokers whose own interface gives rows the same ids as the file; ids of any other file tell nothing about theirs. */
  readonly idsOf: readonly BrokerId[]
  /** Whether a text is of this format, by what stands in it. */
  detect(text: string): boolean
  /** Reads a whole file. Throws import/unreadable with the place for one that is broken anywhere. */
  parse(text: string): ParsedFile
}

export const FORMAT_IDS = [
  'tastytrade-csv',
  'schwab-csv',
  'etrade-csv',
  'tda-csv',
  'tda-json',
  'thinkorswim-statement',
  'ibkr-flex',
  'ibkr-activity-csv',
  'ofx',
] as const
export type FormatId = (typeof FORMAT_IDS)[number]

/** A file that breaks at a place. `field` is a column, tag or attribute; empty where the place says enough. */
export function unreadable(line: number, field: string, reason: string): AppError {
  return new AppError('import/unreadable', { details: { line, place: field === '' ? `line ${line}` : `line ${line}, ${field}`, reason } })
}

/** The facts of a row that moves or pays something, before its figures are filled in. */
export function plainFacts(kind: FileFacts['kind'], brokerType: string, tradeDate: LocalDate): FileFacts {
  return {
    kind,
    brokerType,
    symbol: null,
    assetClass: null,
    side: null,
    positionEffect: null,
    quantity: null,
    price: null,
    amount: null,
    fees: Dec.zero,
    currency: 'USD',
    executedAt: null,
    tradeDate,
    orderId: null,
    description: null,
    status: 'final',
  }
}

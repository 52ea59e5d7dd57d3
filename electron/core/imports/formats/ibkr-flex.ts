import { AppError } from '../../../../shared/contract/errors.ts'
import { flexHistory } from '../../brokers/ibkr/flex/map.ts'
import { flexFault } from '../../brokers/ibkr/flex/rows.ts'
import { type FlexStatement, parseFlexStatement } from '../../brokers/ibkr/flex/statement.ts'
import { type FileFormat, unreadable } from '../format.ts'
import { FORMAT_LABELS } from '../labels.ts'

const MOST_MB = 50

/** The XML of an Activity or Trade Confirmation Flex query. */
export const ibkrFlex: FileFormat = {
  id: 'ibkr-flex',
  label: FORMAT_LABELS['ibkr-flex'],
  brokers: ['ibkr'],
  idsOf: ['ibkr'],
  detect: text => /<FlexQueryResponse[\s>]/.test(text.slice(0, 4000)),
  parse(text) {
    const statements = read(text, () => parseFlexStatement(text.replace(/^\uFEFF/, '')))
    const accounts = new Set(statements.map(({ accountId }) => accountId))
    if (accounts.size > 1) throw new AppError('import/several-accounts', { details: { count: accounts.size } })
    const faults = statements.map(flexFault).filter(fault => fault !== null)
    if (faults[0] !== undefined) throw new AppError('import/misconfigured-query', { details: { what: WHAT[faults[0]] } })
    const activities = read(text, () => flexHistory(statements))
    // A later statement may hold a later state of the same row.
    const latest = [...new Map(activities.map(activity => [activity.facts.externalId, activity])).values()]
    const rows = (statements.length === 1 ? activities : latest).map(({ facts: { externalId, ...facts }, raw }, index) => ({
      line: index + 1,
      ownId: externalId.startsWith('row-') ? null : externalId,
      facts,
      raw,
      known: facts.kind !== 'other',
    }))
    return { rows, unknownColumns: [], accountNumber: [...accounts][0] ?? null, notes: notesOf(statements) }
  },
}

const WHAT = {
  'orders-without-executions': 'orders but no executions',
  'trades-without-ids': 'trades without their level of detail and their ids',
}

function notesOf(statements: readonly FlexStatement[]): string[] {
  return statements.length === 0 ? ['The report holds no statement.'] : []
}

/** What the statement's own reader says, in the words of a file. */
function read<T>(text: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code === 'net/too-large') throw new AppError('import/too-large', { details: { most: MOST_MB } })
    const { line, field, reason } = error.details
    throw unreadable(
      typeof line === 'number' ? line : lineOf(text, String(field ?? '')),
      String(field ?? ''),
      String(reason ?? 'the XML cannot be read'),
    )
  }
}

/** The first line with an attribute: a date that can be read two ways is so in every row. */
function lineOf(text: string, attribute: string): number {
  const at = attribute === '' ? -1 : text.indexOf(`${attribute}="`)
  return at < 0 ? 1 : text.slice(0, at).split('\n').length
}

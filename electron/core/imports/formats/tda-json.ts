import { AppError } from '../../../../shared/contract/errors.ts'
import { tdaActivity } from '../../brokers/tdameritrade/map.ts'
import { TransactionWire } from '../../brokers/tdameritrade/wire.ts'
import { parseArray } from '../../net/json.ts'
import { type FileFormat, type FileRow, unreadable } from '../format.ts'
import { FORMAT_LABELS } from '../labels.ts'

/** What TD Ameritrade's API answered for `/accounts/{id}/transactions`, as saved by other programs: an array of transactions. */
export const tdaJson: FileFormat = {
  id: 'tda-json',
  label: FORMAT_LABELS['tda-json'],
  brokers: ['tdameritrade', 'schwab'],
  idsOf: ['tdameritrade'],
  detect: text => /^\uFEFF?\s*\[\s*\{/.test(text) && /"transactionId"\s*:/.test(text) && /"transactionItem"\s*:/.test(text),
  parse(text) {
    const { values, texts } = read(text)
    const rows = values.map((value, index) => toRow(value, index + 1, texts[index] ?? ''))
    return { rows, unknownColumns: [], accountNumber: null, notes: [] }
  },
}

function read(text: string): { values: readonly unknown[]; texts: readonly string[] } {
  try {
    const array = parseArray(text.replace(/^\uFEFF/, ''))
    if (array) return array
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw unreadable(text.trimEnd().split('\n').length, '', 'the file is not whole')
}

function toRow(value: unknown, line: number, raw: string): FileRow {
  const wire = TransactionWire.safeParse(value)
  if (!wire.success) throw unreadable(line, wire.error.issues[0]?.path.join('.') ?? '', 'not what a transaction has there')
  try {
    const { externalId, ...facts } = tdaActivity(wire.data)
    return { line, ownId: externalId, facts, raw, known: facts.kind !== 'other' }
  } catch (error) {
    if (error instanceof AppError) throw unreadable(line, 'transactionDate', 'a transaction without a day')
    throw error
  }
}

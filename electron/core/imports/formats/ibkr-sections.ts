import { type CsvRecord, type CsvRow, rowsBelow } from '../csv.ts'
import { unreadable } from '../format.ts'

/** A section of an activity statement: the data rows below one of its headers. */
export interface Section {
  readonly name: string
  readonly rows: readonly CsvRow[]
}

const KNOWN = new Set([
  'Statement',
  'Account Information',
  'Net Asset Value',
  'Change in NAV',
  'Mark-to-Market Performance Summary',
  'Realized & Unrealized Performance Summary',
  'Month & Year to Date Performance Summary',
  'Cash Report',
  'Open Positions',
  'Forex Balances',
  'Trades',
  'Transaction Fees',
  'Deposits & Withdrawals',
  'Fees',
  'Dividends',
  'Payment In Lieu Of Dividends',
  'Withholding Tax',
  '871(m) Withholding',
  'Interest',
  'Bond Interest Received',
  'Corporate Actions',
  'Transfers',
  'Interest Accruals',
  'Change in Dividend Accruals',
  'Financial Instrument Information',
  'Codes',
  'Notes/Legal Notes',
  'Notes',
  'Legal Notes',
  'Base Currency Exchange Rate',
  'Collateral for Customer Borrowing',
  'CFD Charges',
  'IBKR Managed Securities',
  'Stock Yield Enhancement Program Securities Lent Activity',
])

export function knownSection(name: string): boolean {
  return KNOWN.has(name)
}

/** Cuts a statement into its sections; one whose header changes halfway (Trades of several kinds) comes in parts. */
export function sectionsOf(records: readonly CsvRecord[]): Section[] {
  const sections: { name: string; header: CsvRecord; records: CsvRecord[] }[] = []
  for (const { line, cells } of records) {
    const [name = '', mark = '', ...rest] = cells
    if (mark === 'Header') sections.push({ name: name.trim(), header: { line, cells: rest }, records: [] })
    else if (mark === 'Data') {
      const section = sections.at(-1)
      if (section?.name !== name.trim()) throw unreadable(line, '', `a row of "${name.trim().slice(0, 60)}" stands without its header`)
      section.records.push({ line, cells: rest })
    } else if (!['Total', 'SubTotal', 'Notes'].includes(mark.trim())) {
      throw unreadable(line, '', 'neither a header nor a row of a section')
    }
  }
  const last = records.at(-1)?.line
  return sections.map(({ name, header, records: own }) => ({
    name,
    rows: USED.has(name)
      ? rowsBelow(
          header,
          own.map(record => (record.line === last ? record : filled(record, header))),
        )
      : [],
  }))
}

/** Statements leave out the last cells of a row when they are empty. In the last row of a file it means that it was cut off. */
function filled({ line, cells }: CsvRecord, header: CsvRecord): CsvRecord {
  return { line, cells: [...cells, ...header.cells.slice(cells.length).map(() => '')] }
}

// Rows of the others hold what the mapped ones do not say, and are sometimes longer than their header.
const USED = new Set([
  'Trades',
  'Transaction Fees',
  'Deposits & Withdrawals',
  'Fees',
  'Dividends',
  'Payment In Lieu Of Dividends',
  'Withholding Tax',
  '871(m) Withholding',
  'Interest',
  'Bond Interest Received',
  'Corporate Actions',
  'Transfers',
])

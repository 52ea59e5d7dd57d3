import { Dec } from '../../../../shared/domain/decimal.ts'
import { figure } from '../cells.ts'
import type { CsvRow } from '../csv.ts'

/** What a row cost, positive; the statement writes costs negative and beside the amount. */
export function costsOf(row: CsvRow): Dec {
  return Dec.neg(Dec.sum(['Misc Fees', 'Fees', 'Commissions & Fees', 'Commissions'].map(column => figure(row, column) ?? Dec.zero)))
}

import { AppError } from '../../../shared/contract/errors.ts'
import type { Handlers } from '../bus/router.ts'
import type { Db } from '../db/open.ts'
import { shownRaw } from '../ledger/shown-raw.ts'
import { accountHome } from '../store/accounts.ts'
import { activityCount, activityDetail, activityPage } from '../store/activities.ts'
import { coverage } from '../store/history.ts'
import { csvText } from './csv.ts'

const CSV_PART_ROWS = 500

/** The trade history: pages, one row in full, counts beside the pages, coverage and CSV parts. */
export function createHistory({ db }: { readonly db: Db }): Pick<
  Handlers,
  'activities.page' | 'activities.detail' | 'activities.count' | 'activities.coverage' | 'activities.csv'
> {
  return {
    'activities.page': input => activityPage(db.reader, input),
    'activities.detail'({ id }) {
      const found = activityDetail(db.reader, id)
      if (!found) throw new AppError('app/not-found')
      return { ...found, raw: shownRaw(found.raw) }
    },
    'activities.count': filter => activityCount(db.reader, filter),
    'activities.coverage': () => coverage(db.reader),
    'activities.csv'(input) {
      const { rows, next } = activityPage(db.reader, { ...input, limit: CSV_PART_ROWS })
      const homes = new Map([...new Set(rows.map(({ accountId }) => accountId))].map(id => [id, accountHome(db.reader, id)]))
      return { text: csvText(rows, { header: input.after === undefined, homeOf: id => homes.get(id) ?? null }), rows: rows.length, next }
    },
  }
}

import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import type { Reader } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { integer, text } from './cells.ts'

const NEWEST = 200

/** What a connection holds, and what its accounts traded last (200 rows each); accounts left out do not count. */
export function assetClassesOf(reader: Reader, connectionId: ConnectionId): AssetClass[] {
  const accounts = reader.all(sql`SELECT id, n FROM accounts WHERE connection_id = ${connectionId} AND excluded = 0`)
  const rows = accounts.flatMap(row =>
    reader.all(sql`
      SELECT asset_class FROM positions WHERE account_id = ${text(row, 'id')}
      UNION SELECT asset_class FROM (SELECT asset_class FROM activities WHERE account = ${integer(row, 'n')} ORDER BY sort_at DESC LIMIT ${NEWEST})
        WHERE asset_class IS NOT NULL`),
  )
  return [...new Set(rows.map(row => text<AssetClass>(row, 'asset_class')))]
}

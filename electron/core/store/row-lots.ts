import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { Instant, LocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import type { RowLot, RowOverride } from '../ledger/lots/lot-row.ts'
import { numberOfNext, numbersOf } from '../ledger/lots/row-lot-keys.ts'
import type { LedgerRow } from './ledger-history.ts'
import { instant, integer, micros, text, textOrNull } from './cells.ts'
import { overrideOf, setOverride, type ToldOpening } from './ledger-words.ts'

/** A lot the user said a row brought, and which row. Such lots stand with what else he says of the row. */
export interface RowLotPlace extends ToldOpening {
  readonly account: number
  readonly externalId: string
}

/** What the user said that rows brought, of one account or of all, oldest first. */
export function rowLots(reader: Reader, accountId?: AccountId): RowLotPlace[] {
  const of = accountId === undefined ? sql`TRUE` : sql`a.id = ${accountId}`
  return reader
    .all(sql`
      SELECT w.account, w.external_id, a.id AS account_id, r.symbol, r.currency, l.value ->> 'id' AS id, l.value ->> 'day' AS day, l.value ->> 'quantity' AS quantity,
        l.value ->> 'price' AS price, l.value ->> 'note' AS note, l.value ->> 'at' AS created_at
      FROM row_overrides w JOIN json_each(w.said, '$.lots') l JOIN accounts a ON a.n = w.account JOIN activities r ON r.account = w.account AND r.external_id = w.external_id
      WHERE ${of} ORDER BY day, created_at, l.value ->> 'id'`)
    .map(toRowLot)
}

function toRowLot(row: Row): RowLotPlace {
  return {
    account: integer(row, 'account'), externalId: text(row, 'external_id'), id: text(row, 'id'), accountId: text<AccountId>(row, 'account_id'), symbol: text(row, 'symbol'),
    currency: text(row, 'currency'), day: text<LocalDate>(row, 'day'), quantity: text<Dec>(row, 'quantity'), price: textOrNull<Dec>(row, 'price'), note: text(row, 'note'),
    createdAt: instant(row, 'created_at'),
  }
}

type Home = Pick<LedgerRow, 'account' | 'externalId'>

/** With the number each has among the lots of its row, so that it keeps it whatever is told or taken back. */
function numbered(lots: readonly RowLot[], came: Dec): RowLot[] {
  const numbers = numbersOf(lots, came)
  return lots.map((lot, at) => ({ ...lot, number: numbers[at] }))
}

export interface NewRowLot {
  readonly id: string
  readonly day: LocalDate
  readonly quantity: Dec
  readonly price: Dec
  readonly multiplier?: Dec
  readonly note: string
}

export function addRowLot(writer: Writer, { account, externalId }: Home, { id, day, quantity, price, multiplier, note }: NewRowLot, at: Instant): void {
  const said = overrideOf(writer, account, externalId) ?? {}
  const came = cameWith(writer, { account, externalId }, said)
  const before = numbered(said.lots ?? [], came)
  const lot = { id, day, quantity, price, multiplier, note, at: micros(at), number: numberOfNext(before, quantity, came) }
  setOverride(writer, account, externalId, { ...said, lots: [...before, lot] }, at)
}

/** How many a row brought, as the user says or its broker. */
function cameWith(reader: Reader, { account, externalId }: Home, { quantity }: RowOverride): Dec {
  if (quantity !== undefined) return quantity
  const row = reader.get(sql`SELECT quantity FROM activities WHERE account = ${account} AND external_id = ${externalId}`)
  return (row ? textOrNull<Dec>(row, 'quantity') : null) ?? Dec.zero
}

export function dropRowLot(writer: Writer, { account, externalId, id }: Home & { readonly id: string }, at: Instant): void {
  const { lots = [], ...said } = overrideOf(writer, account, externalId) ?? {}
  const left = numbered(lots, cameWith(writer, { account, externalId }, said)).filter(lot => lot.id !== id)
  const isNothing = left.length === 0 && Object.keys(said).length === 0
  setOverride(writer, account, externalId, isNothing ? null : { ...said, ...(left.length > 0 ? { lots: left } : {}) }, at)
}

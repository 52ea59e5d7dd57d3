import type { AccountId } from '../../../shared/domain/ids.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import type { ActivityValues } from './activities-write.ts'
import { keepAsCanceled } from './activity-versions.ts'
import { integer, text, textOrNull } from './cells.ts'
import { markDay, markSymbol } from './ledger-dirty.ts'

/** A report of the same state of a trade counts less by this much than what takes it back. */
const STATE = 4
const RAW = 22

/** Rows of a statement that tell a trade, and may stand beside its commission. What settled on its day names it too, and stays. */
const TELLS_TRADES = sql`a.broker_type <> 'TradeCancel' AND CASE WHEN json_valid(a.raw) THEN a.raw ->> 'element' END IN ('Trade', 'TradeConfirm', 'OptionEAE')`

interface Cancel {
  readonly id: number
  readonly account: number
  readonly symbol: string | null
  readonly original: string
}

interface Trade {
  readonly id: number
  readonly counts: boolean
}

/**
 * A row that takes an earlier trade back names it by its number (`origTradeID` of a `TradeCancel`, IBKR's Flex). Where the two came apart, in
 * whichever order, both stop counting once both are there, and stay so however often either is told; until then it counts as the opposite
 * trade, so that what is held stays right. Call it in the transaction that saved the rows.
 */
export function cancelTrades(writer: Writer, accountId: AccountId, rows: readonly ActivityValues[]): void {
  if (!rows.some(row => String(row[RAW]).includes('"tradeID"'))) return
  for (const cancel of cancelsIn(writer, accountId)) {
    if (!rows.some(row => names(String(row[RAW]), cancel.original))) continue
    const trades = tradesOf(writer, cancel)
    if (trades.length === 0) continue
    for (const trade of trades) if (trade.counts) takeBack(writer, trade.id, STATE)
    if (cancel.counts) takeBack(writer, cancel.id, 0)
  }
}

/** Lets trades count as before that only these rows, about to go, took back. Call it in the transaction that removes them, before it does. */
export function countAgain(writer: Writer, leaving: readonly number[]): void {
  const list = JSON.stringify(leaving)
  const cancels = writer.all(sql`
    SELECT c.id, c.account, c.symbol, c.raw ->> 'origTradeID' AS original FROM activities c
    WHERE c.id IN (SELECT value FROM json_each(${list})) AND c.broker_type = 'TradeCancel' AND c.status = 'canceled' AND c.raw ->> 'origTradeID' IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM activities o INDEXED BY activities_cancels WHERE o.broker_type = 'TradeCancel' AND o.account = c.account
      AND o.raw ->> 'origTradeID' = c.raw ->> 'origTradeID' AND o.id NOT IN (SELECT value FROM json_each(${list})))`)
  for (const cancel of cancels.map(toCancel)) for (const trade of tradesOf(writer, cancel)) if (!trade.counts) putBack(writer, trade.id)
}

function names(raw: string, trade: string): boolean {
  return raw.includes(`"tradeID":${JSON.stringify(trade)}`) || raw.includes(`"origTradeID":${JSON.stringify(trade)}`)
}

/** Few in any account. */
function cancelsIn(writer: Writer, accountId: AccountId): (Cancel & Trade)[] {
  return writer
    .all(
      sql`
      SELECT id, account, symbol, raw ->> 'origTradeID' AS original, status <> 'canceled' AS counts FROM activities INDEXED BY activities_cancels
      WHERE broker_type = 'TradeCancel' AND account = (SELECT n FROM accounts WHERE id = ${accountId}) AND raw ->> 'origTradeID' IS NOT NULL`,
    )
    .map(row => ({ ...toCancel(row), counts: integer(row, 'counts') === 1 }))
}

function toCancel(row: Row): Cancel {
  return { id: integer(row, 'id'), account: integer(row, 'account'), symbol: textOrNull(row, 'symbol'), original: text(row, 'original') }
}

/** The trade and what else its row told, such as a commission in another currency. */
function tradesOf(writer: Writer, { account, symbol, original }: Cancel): Trade[] {
  return writer
    .all(
      sql`
      SELECT a.id, a.status <> 'canceled' AS counts FROM activities a WHERE a.symbol = ${symbol} AND a.account = ${account}
      AND instr(a.raw, ${`"tradeID":${JSON.stringify(original)}`}) > 0 AND ${TELLS_TRADES} AND a.raw ->> 'tradeID' = ${original}`,
    )
    .map(row => ({ id: integer(row, 'id'), counts: integer(row, 'counts') === 1 }))
}

function takeBack(writer: Writer, id: number, higher: number): void {
  keepAsCanceled(writer, id)
  writer.run(sql`UPDATE activities SET status = 'canceled', precedence = precedence + ${higher} WHERE id = ${id}`)
  mark(writer, id)
}

/** As it was kept when it was taken back; one its broker told as canceled was not, and stays. */
function putBack(writer: Writer, id: number): void {
  const kept = writer.get(sql`
    SELECT v.id, v.status, v.raw = a.raw AS same FROM activities a JOIN activity_versions v ON v.account = a.account AND v.external_id = a.external_id
    WHERE a.id = ${id} ORDER BY v.id DESC LIMIT 1`)
  if (!kept || integer(kept, 'same') !== 1 || text(kept, 'status') === 'canceled') return
  writer.run(sql`UPDATE activities SET status = ${text(kept, 'status')}, precedence = precedence - ${STATE} WHERE id = ${id}`)
  writer.run(sql`DELETE FROM activity_versions WHERE id = ${integer(kept, 'id')}`)
  mark(writer, id)
}

function mark(writer: Writer, id: number): void {
  const row = writer.get(sql`SELECT account, symbol, trade_date FROM activities WHERE id = ${id}`)
  if (!row) return
  const [account, symbol] = [integer(row, 'account'), textOrNull(row, 'symbol')]
  if (symbol !== null) markSymbol(writer, account, symbol)
  markDay(writer, account, text<LocalDate>(row, 'trade_date'))
}

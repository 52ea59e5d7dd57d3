import type { AccountId } from '../../../shared/domain/ids.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import type { ActivityValues } from './activities-write.ts'
import { keepAsCanceled } from './activity-versions.ts'
import { integer, text, textOrNull } from './cells.ts'
import { markDay, markSymbol } from './ledger-dirty.ts'

/** A report of the same state of a trade counts less by this much than what takes it back. */
const STATE = 4
const RAW = 22

interface Cancel {
  readonly id: number
  readonly account: number
  readonly symbol: string | null
  readonly original: string
}

/**
 * A row that takes an earlier trade back names it by its number (`origTradeID` of a `TradeCancel`, IBKR's Flex). Where the two came apart, in
 * whichever order, both stop counting once both are there; until then it counts as the opposite trade, so that what is held stays right. Call
 * it in the transaction that saved the rows.
 */
export function cancelTrades(writer: Writer, accountId: AccountId, rows: readonly ActivityValues[]): void {
  if (!rows.some(row => String(row[RAW]).includes('"tradeID"'))) return
  for (const cancel of pendingIn(writer, accountId)) {
    if (!rows.some(row => names(String(row[RAW]), cancel.original))) continue
    const trades = tradesOf(writer, cancel)
    if (trades.length === 0) continue
    for (const id of trades) takeBack(writer, id, STATE)
    takeBack(writer, cancel.id, 0)
  }
}

function names(raw: string, trade: string): boolean {
  return raw.includes(`"tradeID":${JSON.stringify(trade)}`) || raw.includes(`"origTradeID":${JSON.stringify(trade)}`)
}

/** Those whose trade is not there yet; few in any account. */
function pendingIn(writer: Writer, accountId: AccountId): Cancel[] {
  return writer
    .all(
      sql`
      SELECT id, account, symbol, raw ->> 'origTradeID' AS original FROM activities INDEXED BY activities_cancels
      WHERE broker_type = 'TradeCancel' AND account = (SELECT n FROM accounts WHERE id = ${accountId}) AND status <> 'canceled' AND raw ->> 'origTradeID' IS NOT NULL`,
    )
    .map(row => ({
      id: integer(row, 'id'),
      account: integer(row, 'account'),
      symbol: textOrNull(row, 'symbol'),
      original: text(row, 'original'),
    }))
}

/** The trade and what else its row told, such as a commission in another currency. */
function tradesOf(writer: Writer, { account, symbol, original }: Cancel): number[] {
  const named = `"tradeID":${JSON.stringify(original)}`
  return writer
    .all(
      sql`
      SELECT id FROM activities WHERE symbol = ${symbol} AND account = ${account} AND broker_type <> 'TradeCancel' AND status <> 'canceled' AND instr(raw, ${named}) > 0`,
    )
    .map(row => integer(row, 'id'))
}

function takeBack(writer: Writer, id: number, higher: number): void {
  const row = writer.get(sql`SELECT account, symbol, trade_date FROM activities WHERE id = ${id}`)
  if (!row) return
  keepAsCanceled(writer, id)
  writer.run(sql`UPDATE activities SET status = 'canceled', precedence = precedence + ${higher} WHERE id = ${id}`)
  const [account, symbol] = [integer(row, 'account'), textOrNull(row, 'symbol')]
  if (symbol !== null) markSymbol(writer, account, symbol)
  markDay(writer, account, text<LocalDate>(row, 'trade_date'))
}

import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { integer, json, micros, text } from './cells.ts'

export type Automation = 'approve' | 'direct'

/** Whether a connection may order, and whether programs may do so without asking. */
export interface TradingSwitch {
  readonly isOn: boolean
  readonly automation: Automation
}

const OFF: TradingSwitch = { isOn: false, automation: 'approve' }

/** Off for a connection nobody switched on. */
export function tradingSwitch(reader: Reader, id: ConnectionId): TradingSwitch {
  const row = reader.get(sql`SELECT is_on, automation FROM trading_switches WHERE connection_id = ${id}`)
  return row ? { isOn: integer(row, 'is_on') === 1, automation: text<Automation>(row, 'automation') } : OFF
}

export function setTradingSwitch(writer: Writer, id: ConnectionId, { isOn, automation }: TradingSwitch, at: Instant): void {
  if (!isOn && tradingSwitch(writer, id).isOn) noteWasOn(writer, at)
  writer.run(sql`
    INSERT INTO trading_switches (connection_id, is_on, automation, changed_at) VALUES (${id}, ${isOn ? 1 : 0}, ${automation}, ${micros(at)})
    ON CONFLICT (connection_id) DO UPDATE SET is_on = excluded.is_on, automation = excluded.automation, changed_at = excluded.changed_at`)
}

/** Forgets the switch of a connection, not that it was on. */
export function dropTradingSwitch(writer: Writer, id: ConnectionId, at: Instant): void {
  if (tradingSwitch(writer, id).isOn) noteWasOn(writer, at)
  writer.run(sql`DELETE FROM trading_switches WHERE connection_id = ${id}`)
}

const WAS_ON = 'orders.was-on'

function noteWasOn(writer: Writer, at: Instant): void {
  writer.run(
    sql`INSERT INTO meta (name, value) VALUES (${WAS_ON}, ${JSON.stringify(at)}) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  )
}

/** Whether trading is on, for one connection or for any, or was on for any since a moment. */
export function isOrWasOn(reader: Reader, since: Instant, id?: ConnectionId): boolean {
  const where = id === undefined ? sql`` : sql`AND connection_id = ${id}`
  if (reader.get(sql`SELECT 1 FROM trading_switches WHERE is_on = 1 ${where} LIMIT 1`)) return true
  const row = reader.get(sql`SELECT value FROM meta WHERE name = ${WAS_ON}`)
  return row !== undefined && !Instant.isBefore(json<Instant>(row, 'value'), since)
}

/** The kill switch, since when it is on and who pulled it. */
export interface KillState {
  readonly since: Instant
  readonly by: string
}

const KILL = 'orders.kill'

/** Null while it is off. */
export function readKill(reader: Reader): KillState | null {
  const row = reader.get(sql`SELECT value FROM meta WHERE name = ${KILL}`)
  return row ? json<KillState>(row, 'value') : null
}

export function writeKill(writer: Writer, state: KillState | null): void {
  if (state === null) writer.run(sql`DELETE FROM meta WHERE name = ${KILL}`)
  else
    writer.run(
      sql`INSERT INTO meta (name, value) VALUES (${KILL}, ${JSON.stringify(state)}) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    )
}

import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
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
  writer.run(sql`
    INSERT INTO trading_switches (connection_id, is_on, automation, changed_at) VALUES (${id}, ${isOn ? 1 : 0}, ${automation}, ${micros(at)})
    ON CONFLICT (connection_id) DO UPDATE SET is_on = excluded.is_on, automation = excluded.automation, changed_at = excluded.changed_at`)
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

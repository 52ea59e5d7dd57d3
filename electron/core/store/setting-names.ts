import type { Reader } from '../db/open.ts'
import { sql } from '../db/sql.ts'
import { text } from './cells.ts'

const PLAIN_NAME = /^[a-z]+(?:[.:-][a-z]+)*$/
/** Values that are a yes or a no, or a time. */
const PLAIN_VALUE = /^(?:[01]|true|false|\d{4}-\d\d-\d\dT[\d:.]+Z)$/

/** Which settings are there, to be handed on: yes, no and times as they are, everything else only as `set`. */
export function settingNames(reader: Reader): Record<string, string> {
  const rows = reader
    .all(sql`SELECT name, value FROM meta ORDER BY name`)
    .map(row => ({ name: text(row, 'name'), value: String(row['value']) }))
  return Object.fromEntries(
    rows.filter(({ name }) => PLAIN_NAME.test(name)).map(({ name, value }) => [name, PLAIN_VALUE.test(value) ? value : 'set']),
  )
}

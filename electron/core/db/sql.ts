/** A value SQLite stores. Instants are bound as microseconds, decimals as text, truth as 0 or 1. */
export type SqlValue = string | number | bigint | Uint8Array | null

/** A statement with its values apart from its text. Only the `sql` tag makes one. */
export interface Sql {
  readonly text: string
  readonly values: readonly SqlValue[]
}

const plain = new WeakMap<TemplateStringsArray, string>()

/**
 * Writes a statement: every `${}` becomes a bound parameter, or is put in place when it is itself `sql`.
 * Names of tables and columns can only be literal text, so nothing from outside can become SQL.
 */
export function sql(strings: TemplateStringsArray, ...parts: readonly (SqlValue | Sql)[]): Sql {
  if (parts.every(isValue)) {
    let text = plain.get(strings)
    if (text === undefined) plain.set(strings, (text = strings.join('?')))
    return { text, values: parts }
  }
  let text = strings[0] ?? ''
  const values: SqlValue[] = []
  parts.forEach((part, index) => {
    if (isValue(part)) {
      text += '?'
      values.push(part)
    } else {
      text += part.text
      values.push(...part.values)
    }
    text += strings[index + 1] ?? ''
  })
  return { text, values }
}

/** Puts statements beside each other; `by` is literal text such as `sql` AND ``. */
sql.join = function join(parts: readonly Sql[], by: Sql): Sql {
  return { text: parts.map(part => part.text).join(by.text), values: parts.flatMap(part => part.values) }
}

/** The values of an `IN (...)`: `sql`kind IN (${sql.list(kinds)})``. An empty list matches nothing. */
sql.list = function list(values: readonly SqlValue[]): Sql {
  return { text: values.length === 0 ? 'NULL' : values.map(() => '?').join(', '), values }
}

function isValue(part: SqlValue | Sql): part is SqlValue {
  return part === null || typeof part !== 'object' || part instanceof Uint8Array
}

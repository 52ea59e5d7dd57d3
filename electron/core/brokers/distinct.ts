/** The rows with different keys, the first of each, in their order: a row a broker repeats must not count twice. */
export function distinctBy<T>(rows: readonly T[], keyOf: (row: T) => string): T[] {
  const found = new Map<string, T>()
  for (const row of rows) if (!found.has(keyOf(row))) found.set(keyOf(row), row)
  return [...found.values()]
}

/** JSON of a refusal as nested values; undefined when the body is none. */
export function readRefusal(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** The first text found along one of the ways into a refusal (`['errors', '0', 'detail']`); null when there is none. */
export function firstText(refusal: unknown, ways: readonly (readonly string[])[]): string | null {
  for (const way of ways) {
    const found = way.reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
      refusal,
    )
    if (typeof found === 'string' && found.trim() !== '') return found.trim()
  }
  return null
}

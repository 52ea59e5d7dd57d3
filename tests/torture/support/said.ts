/** A field of something another process said. */
export function said(message: unknown, name: string): unknown {
  return typeof message === 'object' && message !== null ? Reflect.get(message, name) : undefined
}

export function saidNumber(message: unknown, name: string): number {
  const value = said(message, name)
  return typeof value === 'number' ? value : Number.NaN
}

export function saidText(message: unknown, name: string): string {
  const value = said(message, name)
  return typeof value === 'string' ? value : ''
}

export function saidList(message: unknown, name: string): readonly unknown[] {
  const value = said(message, name)
  if (!Array.isArray(value)) return []
  const list: readonly unknown[] = value
  return list
}

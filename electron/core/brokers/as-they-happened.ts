import type { BrokerActivity } from './adapter.ts'

const NUMBER = /^\d+$/

/**
 * Rows of a page by their numbers, the lowest first. For brokers that tell whole seconds and count their rows up: of one second, what is
 * handed on first counts as first. Rows without a number come last, as they came.
 */
export function byNumber(rows: readonly BrokerActivity[]): BrokerActivity[] {
  return rows.toSorted((a, b) => compare(a.facts.externalId, b.facts.externalId))
}

function compare(a: string, b: string): number {
  const [x, y] = [NUMBER.test(a), NUMBER.test(b)]
  if (!x || !y) return Number(y) - Number(x)
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}

import type { ResultFilter } from '../../state/performance.ts'

export type Change = { [K in keyof ResultFilter]: ResultFilter[K] | undefined }

/** The filter with some parts replaced; undefined takes a part away. */
export function changedResults(filter: ResultFilter, change: Change): ResultFilter {
  return Object.fromEntries(Object.entries({ ...filter, ...change }).filter(([, value]) => value !== undefined))
}

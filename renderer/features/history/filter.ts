import type { ActivityFilter } from '../../../shared/contract/activities.ts'

/** The filter with some parts replaced; undefined takes a part away. */
export function changed(filter: ActivityFilter, change: { [K in keyof ActivityFilter]: ActivityFilter[K] | undefined }): ActivityFilter {
  return Object.fromEntries(Object.entries({ ...filter, ...change }).filter(([, value]) => value !== undefined))
}

import type { LocalDate } from '../../../../shared/domain/time.ts'

/** E*TRADE's paths take the account's key, and the kind of answer at their end. */
export function accountPath(key: string, rest: string): string {
  return `/accounts/${encodeURIComponent(key)}/${rest}.json`
}

/** `11202026`, month first. */
export function americanDay(day: LocalDate): string {
  return `${day.slice(5, 7)}${day.slice(8, 10)}${day.slice(0, 4)}`
}

/** The mark of the next page; undefined when there is none, or when it is the one just read. */
export function nextMarker(
  page: { readonly marker: string | null; readonly next: string | null } | null | undefined,
  last: string | undefined,
): string | undefined {
  const marker = page?.marker ?? markerIn(page?.next ?? '')
  return marker === undefined || marker === last ? undefined : marker
}

function markerIn(address: string): string | undefined {
  const [, marker = ''] = /[?&]marker=([^&]{1,500})/.exec(address) ?? []
  if (marker === '') return undefined
  try {
    return decodeURIComponent(marker)
  } catch {
    return marker
  }
}

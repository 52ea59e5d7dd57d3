const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The n-th Sunday of a month (0 is January), at an hour of UTC. */
function sunday(year: number, month: number, n: number, hour: number): number {
  const first = new Date(Date.UTC(year, month, 1)).getUTCDay()
  return Date.UTC(year, month, 1 + ((7 - first) % 7) + (n - 1) * 7, hour)
}

/** True from the second Sunday of March, 2 a.m. standard time, to the first of November, 2 a.m. daylight time (15 U.S.C. 260a). */
function isDaylight(atMs: number): boolean {
  const year = new Date(atMs).getUTCFullYear()
  return atMs >= sunday(year, 2, 2, 7) && atMs < sunday(year, 10, 1, 6)
}

/** The midnight of New York that follows a moment, in epoch milliseconds, counted without any calendar of the system. */
export function nextMidnightInNewYork(atMs: number): number {
  const local = atMs - (isDaylight(atMs) ? 4 : 5) * HOUR_MS
  const midnight = (Math.floor(local / DAY_MS) + 1) * DAY_MS
  return midnight + (isDaylight(midnight + 5 * HOUR_MS) ? 4 : 5) * HOUR_MS
}

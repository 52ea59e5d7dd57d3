/** One after another in each lane, lanes side by side; answers what the lanes answered. */
export function inLanes<T>(
  lanes: number,
  runs: number,
  lane: (share: { readonly lane: number; readonly runs: number }) => Promise<T>,
): Promise<T[]> {
  const each = Math.floor(runs / lanes)
  const rest = runs % lanes
  const shares = Array.from({ length: lanes }, (_, at) => ({ lane: at, runs: each + (at < rest ? 1 : 0) }))
  return Promise.all(shares.filter(share => share.runs > 0).map(lane))
}

/** Runs a job for each entry, at most `most` at a time; answers in the order of the entries. */
export async function atMost<T, R>(most: number, entries: readonly T[], job: (entry: T, at: number) => Promise<R>): Promise<R[]> {
  const results = new Map<number, R>()
  const queue = entries.entries()
  const work = async (): Promise<void> => {
    for (const [at, entry] of queue) results.set(at, await job(entry, at))
  }
  await Promise.all(Array.from({ length: Math.min(most, entries.length) }, work))
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result)
}

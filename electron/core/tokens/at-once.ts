/** Runs a job for each entry, at most `most` of them at a time, and answers which of them worked, in order. Never rejects. */
export async function fewAtOnce<T>(entries: readonly T[], most: number, job: (entry: T) => Promise<void>): Promise<boolean[]> {
  const worked = entries.map(() => false)
  const queue = entries.entries()
  const work = async (): Promise<void> => {
    for (const [at, entry] of queue) {
      worked[at] = await job(entry).then(
        () => true,
        () => false,
      )
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, entries.length) }, work))
  return worked
}

interface Counted {
  readonly count: number
}

/** What was worked out under names, up to some count of all together; what was asked for longest ago goes first. */
export interface Shelf<T extends Counted> {
  get(name: string): T | null
  /** Brings up to date what is kept under a name. What is `needed` beside it stays, even if all of it is more than the most. */
  bring(name: string, needed: ReadonlySet<string>, refresh: (before: T | null) => T): T
  readonly count: number
}

export function createShelf<T extends Counted>(most: number): Shelf<T> {
  const all = new Map<string, T>()
  const counted = (): number => [...all.values()].reduce((sum, one) => sum + one.count, 0)
  return {
    get: name => all.get(name) ?? null,
    bring(name, needed, refresh) {
      const kept = refresh(all.get(name) ?? null)
      all.delete(name)
      all.set(name, kept)
      let count = counted()
      for (const [oldest, one] of all) {
        if (count <= most) break
        if (oldest === name || needed.has(oldest)) continue
        all.delete(oldest)
        count -= one.count
      }
      return kept
    },
    get count() {
      return counted()
    },
  }
}

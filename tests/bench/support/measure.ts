/** One line of the report. `pass` says whether the floor is kept; the goal is what to reach. */
export interface BenchResult {
  readonly id: string
  readonly value: number
  readonly unit: string
  readonly floor: number
  readonly goal: number
  readonly pass: boolean
  /** What was measured, for people. */
  readonly note: string
}

export interface BenchLimit {
  readonly id: string
  readonly unit: string
  readonly floor: number
  readonly goal: number
}

/** A result against its limits. The goal being above the floor says that more is better. */
export function judge({ id, unit, floor, goal }: BenchLimit, value: number, note: string): BenchResult {
  const rounded = Number(value.toPrecision(4))
  return { id, value: rounded, unit, floor, goal, pass: goal >= floor ? rounded >= floor : rounded <= floor, note }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const high = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** The value below which this share (0 to 1) of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

export interface Timing {
  readonly wallMs: number
  /** User and system time of this process, all its threads. */
  readonly cpuMs: number
}

export async function timed(run: () => unknown): Promise<Timing> {
  const cpu = process.cpuUsage()
  const began = performance.now()
  await run()
  const wallMs = performance.now() - began
  const used = process.cpuUsage(cpu)
  return { wallMs, cpuMs: (used.user + used.system) / 1000 }
}

/** Runs baseline and subject in turn, the order swapped every round, so that a noisy neighbour hits both. */
export async function alternate<B, S>(
  rounds: number,
  baseline: () => Promise<B>,
  subject: () => Promise<S>,
): Promise<{ baseline: B[]; subject: S[] }> {
  const results: { baseline: B[]; subject: S[] } = { baseline: [], subject: [] }
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) results.baseline.push(await baseline())
    results.subject.push(await subject())
    if (round % 2 === 1) results.baseline.push(await baseline())
  }
  return results
}

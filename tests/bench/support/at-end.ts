const steps = new Set<() => void>()

process.once('exit', () => {
  for (const step of steps) step()
})
// A signal alone would end the process without the step above.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

/** Runs this when the run ends, interrupted or not; the answer takes it back. */
export function atEnd(step: () => void): () => void {
  steps.add(step)
  return () => void steps.delete(step)
}

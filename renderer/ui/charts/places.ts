const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 20,
  PageDown: -20,
  Home: -Infinity,
  End: Infinity,
}

/** Where a key leads from one place of a chart; undefined for keys that lead nowhere. */
export function placeFor(key: string, from: number, last: number): number | undefined {
  const step = STEPS[key]
  return step === undefined || last < 0 ? undefined : Math.min(last, Math.max(0, from + step))
}

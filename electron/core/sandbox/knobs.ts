/** Settings of one stand beside its faults: text by name; null is the setting it starts with. */
export interface Knobs {
  readonly names: readonly string[]
  get(name: string): string | null
  /** Throws RangeError for a name the stand does not have. */
  set(name: string, value: string | null): void
}

/** Knobs of these names, all untouched. */
export function createKnobs(names: readonly string[]): Knobs {
  const values = new Map<string, string>()
  return {
    names,
    get: name => values.get(name) ?? null,
    set(name, value) {
      if (!names.includes(name)) throw new RangeError(`no knob ${name}; known are ${names.join(', ')}`)
      if (value === null) values.delete(name)
      else values.set(name, value)
    },
  }
}

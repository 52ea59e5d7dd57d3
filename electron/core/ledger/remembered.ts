/** Asks once for each key and keeps the answer; forgets all of them when there are `most`, so that it never grows without end. */
export function remembered<K, V extends number | string>(most: number, ask: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>()
  return key => {
    const found = known.get(key)
    if (found !== undefined) return found
    if (known.size >= most) known.clear()
    const answer = ask(key)
    known.set(key, answer)
    return answer
  }
}

/** The places of the rows with the longest text in each of these columns, each once. */
export function widestOf<T>(rows: readonly T[], texts: readonly ((row: T) => string)[]): number[] {
  const found = texts.map(text => {
    let [at, length] = [-1, -1]
    rows.forEach((row, index) => {
      const size = text(row).length
      if (size > length) [at, length] = [index, size]
    })
    return at
  })
  return [...new Set(found)].filter(at => at >= 0)
}

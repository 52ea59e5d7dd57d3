import type { Terminal } from './terminal.ts'

type Rows = readonly (readonly string[])[]

/** Prints rows as columns, or where they are wider than the terminal, each row as a few lines of its own. */
export function printTable(terminal: Pick<Terminal, 'out' | 'width'>, rows: Rows, right: readonly number[] = []): void {
  const table = formatTable(rows, right)
  const isTooWide = terminal.width !== null && table.split('\n').some(line => line.length > (terminal.width ?? 0))
  terminal.out(isTooWide && terminal.width !== null ? formatBlocks(rows, terminal.width) : table)
}

/** Rows as aligned columns; the first row is the heading. Columns named in `right` line up on the right. */
export function formatTable(rows: Rows, right: readonly number[] = []): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  const cell = (text: string, column: number): string =>
    right.includes(column) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0)
  return rows.map(row => row.map(cell).join('  ').trimEnd()).join('\n')
}

const GAP = '   '

/** Each row under its first cell: the other cells with their names, as many on a line as there is room for. */
export function formatBlocks([heading = [], ...rows]: Rows, width: number): string {
  return rows
    .map(([first = '', ...cells]) =>
      [
        first,
        ...wrapped(
          cells.map((cell, at) => `${heading[at + 1] ?? ''}: ${cell}`),
          width,
        ),
      ].join('\n'),
    )
    .join('\n')
}

function wrapped(parts: readonly string[], width: number): string[] {
  const lines: string[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    const longer = `${last ?? ''}${GAP}${part}`
    if (last !== undefined && longer.length <= width) lines[lines.length - 1] = longer
    else lines.push(`  ${part}`)
  }
  return lines
}

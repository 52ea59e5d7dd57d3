/** Splits CSV text into records of cells: quotes doubled inside quoted cells, CR LF or LF between records. */
export function parseCsv(text: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let cell = ''
  let quoted = false
  const endCell = () => {
    record.push(cell)
    cell = ''
  }
  const endRecord = () => {
    endCell()
    records.push(record)
    record = []
  }
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? ''
    if (quoted) {
      if (char !== '"') cell += char
      else if (text[at + 1] === '"') cell += text[(at += 1)] ?? ''
      else quoted = false
    } else if (char === '"' && cell === '') quoted = true
    else if (char === ',') endCell()
    else if (char === '\n') endRecord()
    else if (char !== '\r' || text[at + 1] !== '\n') cell += char
  }
  if (cell !== '' || record.length > 0) endRecord()
  return records
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)$/
const COMMAND = /^[=+\-@\t\r]/

/** A cell no spreadsheet runs: text that begins like a formula gets an apostrophe; plain numbers stay numbers. */
export function harmlessCell(cell: string): string {
  return COMMAND.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell
}

function writeCell(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** CSV text with every cell made harmless. */
export function harmlessCsv(text: string): string {
  return parseCsv(text)
    .map(record => `${record.map(cell => writeCell(harmlessCell(cell))).join(',')}\r\n`)
    .join('')
}

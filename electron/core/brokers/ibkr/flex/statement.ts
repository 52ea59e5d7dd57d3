import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { AppError, type ErrorDetails } from '../../../../../shared/contract/errors.ts'

/** One element of a section with its attributes as written. Unknown ones are kept. */
export interface FlexRow {
  readonly element: string
  readonly attributes: Readonly<Record<string, string>>
}

/** One account's statement. A file holds several for several accounts or when it is broken out by day. */
export interface FlexStatement {
  /** `AF` (activity) or `TCF` (trade confirmations). */
  readonly type: string
  readonly queryName: string
  readonly accountId: string
  /** As written; empty where the statement names none. */
  readonly fromDate: string
  readonly toDate: string
  readonly whenGenerated: string
  /** The rows of each section by its name, in their order within an element. */
  readonly sections: ReadonlyMap<string, readonly FlexRow[]>
}

/** Longest statement read, in characters. */
export const MOST_STATEMENT = 50_000_000

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  parseTagValue: false,
  // Without this, numeric character references stay as they are.
  htmlEntities: true,
  isArray: (_name, _path, _leaf, isAttribute) => !isAttribute,
})

/**
 * The statements of a Flex answer or file. Throws broker/unreadable, with the `line`, `column` and `reason` in its details, for
 * anything that is not a whole, well-formed Flex statement; net/too-large for more than `MOST_STATEMENT` characters.
 */
export function parseFlexStatement(xml: string): FlexStatement[] {
  if (xml.length > MOST_STATEMENT) throw new AppError('net/too-large', { details: { host: 'Interactive Brokers' } })
  const doctype = xml.search(/<!DOCTYPE/i)
  if (doctype >= 0) throw unreadable({ ...placeOf(xml, doctype), reason: 'a document type, which no statement has' })
  // The parser alone would take a file cut off in the middle for a whole one.
  const verdict = XMLValidator.validate(xml)
  if (verdict !== true) {
    const { line, col, msg } = verdict.err
    throw unreadable({ line, column: Number.isSafeInteger(col) ? col : 1, reason: msg.replace(/\.$/, '') })
  }
  const root = children(read(xml), 'FlexQueryResponse')[0]
  if (root === undefined) throw unreadable({ line: 1, column: 1, reason: 'it is no Flex statement' })
  const head = attributesOf(root)
  return children(root, 'FlexStatements')
    .flatMap(list => children(list, 'FlexStatement'))
    .map(node => toStatement(node, head))
}

function toStatement(node: object, head: Readonly<Record<string, string>>): FlexStatement {
  const own = attributesOf(node)
  const sections = new Map<string, FlexRow[]>()
  for (const [name, parts] of elements(node)) sections.set(name, parts.flatMap(rowsOf))
  return {
    type: head['type'] ?? '',
    queryName: head['queryName'] ?? '',
    accountId: own['accountId'] ?? '',
    fromDate: own['fromDate'] ?? '',
    toDate: own['toDate'] ?? '',
    whenGenerated: own['whenGenerated'] ?? '',
    sections,
  }
}

function rowsOf(section: unknown): FlexRow[] {
  return elements(section).flatMap(([element, rows]) => rows.map(row => ({ element, attributes: attributesOf(row) })))
}

function read(xml: string): unknown {
  try {
    return parser.parse(xml)
  } catch (error) {
    throw new AppError('broker/unreadable', {
      details: { broker: 'Interactive Brokers', line: 1, column: 1, reason: 'the XML cannot be read' },
      cause: error,
    })
  }
}

/** Elements are lists, attributes are text: the parser is told so. */
function elements(node: unknown): [string, readonly unknown[]][] {
  const entries: [string, unknown][] = typeof node === 'object' && node !== null ? Object.entries(node) : []
  return entries.flatMap(([name, value]): [string, readonly unknown[]][] => (Array.isArray(value) ? [[name, value]] : []))
}

function children(node: unknown, name: string): object[] {
  const found = elements(node).find(([element]) => element === name)?.[1] ?? []
  return found.filter(child => typeof child === 'object' && child !== null)
}

function attributesOf(node: unknown): Record<string, string> {
  const entries: [string, unknown][] = typeof node === 'object' && node !== null ? Object.entries(node) : []
  return Object.fromEntries(entries.flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : [])))
}

function placeOf(text: string, index: number): { line: number; column: number } {
  const before = text.slice(0, index)
  return { line: before.split('\n').length, column: index - before.lastIndexOf('\n') }
}

function unreadable(details: ErrorDetails): AppError {
  return new AppError('broker/unreadable', {
    details: { broker: 'Interactive Brokers', ...details },
    cause: `Flex statement: ${details['reason']}`,
  })
}

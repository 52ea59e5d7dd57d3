import { unreadable } from './format.ts'

/** An element of an OFX file: either a value or children. */
export interface OfxNode {
  readonly name: string
  readonly line: number
  /** The trimmed text of an element without children; empty for an aggregate. */
  readonly value: string
  readonly children: readonly OfxNode[]
}

interface Open {
  name: string
  line: number
  value: string
  children: Open[]
}

/** No statement nests deeper than a dozen elements; values without an end may add to that. */
const MOST_DEEP = 200

const TAG = /<(\/?)([A-Za-z0-9_.]+)>([^<]*)/g
/** Elements that hold others in every file; any other is one when the file closes it somewhere. */
const AGGREGATES = [
  'OFX',
  'INVSTMTRS',
  'INVTRANLIST',
  'INVTRAN',
  'INVBUY',
  'INVSELL',
  'INVBANKTRAN',
  'STMTTRN',
  'SECID',
  'SECINFO',
  'SECLIST',
]
const ENTITIES = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
])

/**
 * Reads OFX 1 (SGML, where values have no closing tags) and OFX 2 (XML) alike, below its header. Throws import/unreadable with the
 * line for a document type, a tag closed that is not open, and a file that ends before its elements do.
 */
export function readOfx(text: string): OfxNode {
  const start = text.search(/<OFX>/i)
  if (start < 0) throw unreadable(1, '', 'there is no <OFX>')
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) throw unreadable(1, '', 'it declares a document type')
  const lineAt = lineCounter(text)
  const ends = [...text.matchAll(/<\/([A-Za-z0-9_.]+)>/g)].map(([, name = '']) => name.toUpperCase())
  const closed = new Set([...AGGREGATES, ...ends])
  const root: Open = { name: '', line: 1, value: '', children: [] }
  const open: Open[] = [root]
  let end = start
  for (const match of text.slice(start).matchAll(TAG)) {
    const at = start + match.index
    if (text.slice(end, at).trim() !== '') throw unreadable(lineAt(end), '', 'text that belongs to no tag')
    end = at + match[0].length
    const name = (match[2] ?? '').toUpperCase()
    const value = decode((match[3] ?? '').trim())
    if (match[1] === '/') close(open, name, lineAt(at), closed)
    else enter(open, { name, line: lineAt(at), value, children: [] })
  }
  const [last, ofx] = [open.at(-1), root.children[0]]
  if (open.length > 1 || text.slice(end).trim() !== '' || !ofx)
    throw unreadable(lineAt(text.length), last?.name ?? '', 'the file stops before this is closed')
  return ofx
}

/** A value needs no closing tag: it ends where the next tag begins. */
function enter(open: Open[], node: Open): void {
  const top = open.at(-1)
  if (top && open.length > 1 && top.value !== '') open.pop()
  if (open.length > MOST_DEEP) throw unreadable(node.line, node.name, 'elements stand inside each other without end')
  open.at(-1)?.children.push(node)
  open.push(node)
}

/**
 * Closes an element. What is still open inside it are values: one without text took its followers for children and gives them
 * back. An element that is closed elsewhere in the file is no value, so here its end is missing.
 */
function close(open: Open[], name: string, line: number, closed: ReadonlySet<string>): void {
  const place = open.findLastIndex((node, index) => index > 0 && node.name === name)
  if (place < 0) throw unreadable(line, name, 'closed here but not open')
  for (let index = open.length - 1; index > place; index -= 1) {
    const [value, above] = [open[index], open[index - 1]]
    if (!value || !above) continue
    if (closed.has(value.name)) throw unreadable(value.line, value.name, 'opened here but not closed')
    above.children.push(...value.children.splice(0))
  }
  open.length = place
}

function decode(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,6})|([a-z]+));/g, (whole: string, code: string | undefined, name: string | undefined) =>
    code === undefined ? (ENTITIES.get(name ?? '') ?? whole) : String.fromCodePoint(Math.min(Number(code), 0x10ffff)),
  )
}

function lineCounter(text: string): (at: number) => number {
  let line = 1
  let from = 0
  return at => {
    for (let next = text.indexOf('\n', from); next >= 0 && next < at; next = text.indexOf('\n', from)) {
      line += 1
      from = next + 1
    }
    return line
  }
}

/** The first element of this name, at any depth; undefined without one. */
export function find(node: OfxNode, name: string): OfxNode | undefined {
  for (const child of node.children) {
    const found = child.name === name ? child : find(child, name)
    if (found) return found
  }
  return undefined
}

/** All elements of this name, at any depth, outermost only. */
export function findAll(node: OfxNode, name: string): OfxNode[] {
  return node.children.flatMap(child => (child.name === name ? [child] : findAll(child, name)))
}

/** The value of the first element of this name; null when blank or missing. */
export function valueOf(node: OfxNode, name: string): string | null {
  const value = find(node, name)?.value ?? ''
  return value === '' ? null : value
}

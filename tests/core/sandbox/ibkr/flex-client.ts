import { XMLParser } from 'fast-xml-parser'
import { SANDBOX_FLEX } from '../../../../electron/core/sandbox/client-keys.ts'

export type Row = Readonly<Record<string, string>>

const BASE = '/AccountManagement/FlexWebService'

/** Asks for a report; the text of the answer. */
export async function sendRequest(url: string, change: Readonly<Record<string, string>> = {}): Promise<string> {
  const query = new URLSearchParams({ t: SANDBOX_FLEX.token, q: SANDBOX_FLEX.queryId, v: '3', ...change })
  return (await fetch(`${url}${BASE}/SendRequest?${query.toString()}`)).text()
}

export async function getStatement(url: string, reference: string): Promise<string> {
  const query = new URLSearchParams({ t: SANDBOX_FLEX.token, q: reference, v: '3' })
  return (await fetch(`${url}${BASE}/GetStatement?${query.toString()}`)).text()
}

/** The content of the first element of a name. */
export function textOf(xml: string, name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? ''
}

/** A whole report: asks, polls until it is made, fetches. */
export async function fetchReport(url: string, change: Readonly<Record<string, string>> = {}): Promise<string> {
  const reference = textOf(await sendRequest(url, change), 'ReferenceCode')
  for (;;) {
    const xml = await getStatement(url, reference)
    if (textOf(xml, 'ErrorCode') !== '1019') return xml
  }
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  isArray: (_n, _p, _l, isAttr) => !isAttr,
})

/** The statements of a report, checked for well-formedness: attributes and rows by element name. */
export function statementsOf(xml: string): { readonly head: Row; rows(name: string): Row[] }[] {
  const document: unknown = parser.parse(xml, true)
  return elements(document, 'FlexStatement').map(item => ({
    head: attributes(item),
    rows: name => elements(item, name).map(attributes),
  }))
}

function elements(value: unknown, name: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap(item => elements(item, name))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) => (key === name ? [item].flat() : elements(item, name)))
}

function attributes(value: unknown): Row {
  return Object.fromEntries(
    Object.entries(Object(value) as Record<string, unknown>).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  )
}

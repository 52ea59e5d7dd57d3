/** Attributes of an element, in the order they are written. */
export type Attributes = Readonly<Record<string, string | number>>

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, found => ENTITIES[found] ?? found)
}

/** An element without content, on its own line. */
export function leaf(name: string, attributes: Attributes): string {
  return `<${name}${written(attributes)} />\n`
}

/** An element around others. */
export function wrap(name: string, attributes: Attributes, content: string): string {
  return content === '' ? `<${name}${written(attributes)} />\n` : `<${name}${written(attributes)}>\n${content}</${name}>\n`
}

function written(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('')
}

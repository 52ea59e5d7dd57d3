import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Json } from './client.ts'

/** Published and captured payloads, looked for beside the checkout; tests that need them skip without them. */
export const PAYLOADS = path.resolve(import.meta.dirname, '../../../../shared/samples')

/** Which JSON types stand at each path; array places are `[]`. */
export type Shape = Map<string, Set<string>>

export function readPayload(file: string): Json {
  const value = JSON.parse(readFileSync(path.join(PAYLOADS, file), 'utf8')) as Json
  return value
}

export function typeOf(value: Json): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}

/** Adds the paths and types of a value to a shape. */
export function addValue(shape: Shape, value: Json, at = '$'): Shape {
  add(shape, at, typeOf(value))
  if (Array.isArray(value)) for (const item of value) addValue(shape, item, `${at}[]`)
  else if (typeof value === 'object' && value !== null)
    for (const [name, item] of Object.entries(value)) addValue(shape, item, `${at}.${name}`)
  return shape
}

type Schemas = Readonly<Record<string, Schema>>
interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly allOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Schemas
}

/** Adds what an OpenAPI schema allows. Self-references are followed twice, which is deeper than any answer. */
export function addSchema(shape: Shape, schemas: Schemas, schema: Schema, at = '$', seen: readonly string[] = []): Shape {
  const name = schema.$ref?.split('/').at(-1)
  if (name !== undefined) {
    const target = schemas[name]
    if (target && seen.filter(item => item === name).length < 2) addSchema(shape, schemas, target, at, [...seen, name])
    return shape
  }
  for (const part of [...(schema.allOf ?? []), ...(schema.oneOf ?? [])]) addSchema(shape, schemas, part, at, seen)
  if (schema.type !== undefined) add(shape, at, schema.type === 'integer' ? 'number' : schema.type)
  if (schema.items) addSchema(shape, schemas, schema.items, `${at}[]`, seen)
  for (const [key, part] of Object.entries(schema.properties ?? {})) addSchema(shape, schemas, part, `${at}.${key}`, seen)
  return shape
}

/** Reads the schemas of an OpenAPI file. */
export function readSchemas(file: string): Schemas {
  const document = JSON.parse(readFileSync(path.join(PAYLOADS, file), 'utf8')) as { components: { schemas: Schemas } }
  return document.components.schemas
}

/** Where a value has a path or a type the shape does not know. A shape that has only null at a path says nothing about its type. */
export function strangers(shape: Shape, value: Json): string[] {
  const found: string[] = []
  for (const [at, types] of addValue(new Map(), value)) {
    const known = shape.get(at)
    if (!known) found.push(`${at} is not known`)
    else if (known.size > 1 || !known.has('null'))
      for (const type of types) if (!known.has(type)) found.push(`${at} is ${type}, not ${[...known].join(' or ')}`)
  }
  return found.sort()
}

function add(shape: Shape, at: string, type: string): void {
  const types = shape.get(at) ?? new Set()
  types.add(type)
  shape.set(at, types)
}

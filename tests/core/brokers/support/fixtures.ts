import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseJson } from '../../../../electron/core/net/json.ts'

const root = path.resolve(import.meta.dirname, '../../../..')
const capturesRoot = path.resolve(root, '../shared/samples')

/** The text of a payload of our own, in a broker's shape. */
export function fixture(broker: string, name: string): string {
  return readFileSync(path.join(root, 'tests/fixtures', broker, `${name}.json`), 'utf8')
}

/** Captured payloads that may lie beside the checkout. */
export const captures = {
  present: (broker: string): boolean => existsSync(path.join(capturesRoot, broker)),
  names: (broker: string, pattern: RegExp): string[] =>
    existsSync(path.join(capturesRoot, broker))
      ? readdirSync(path.join(capturesRoot, broker))
          .filter(name => pattern.test(name))
          .sort()
      : [],
  text: (broker: string, name: string): string => readFileSync(path.join(capturesRoot, broker, name), 'utf8'),
  json: (broker: string, name: string): unknown => parseJson(readFileSync(path.join(capturesRoot, broker, name), 'utf8')),
}

/** A list whatever the payload: one object counts as a list of one. */
export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value]
}

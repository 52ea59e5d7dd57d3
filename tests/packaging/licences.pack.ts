import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { LICENCES_FILE, LicencesSchema } from '../../shared/contract/licences.ts'
import { packageOf, sourcesOf } from './bundle.ts'

const root = path.resolve(import.meta.dirname, '../..')
const { packages } = LicencesSchema.parse(JSON.parse(readFileSync(path.join(root, 'out/renderer', LICENCES_FILE), 'utf8')))
const named = new Set(packages.map(({ name }) => name))

/** None of these asks that what is made with it be given away on the same terms. */
const FREE = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'Python-2.0',
  'Unlicense',
  'CC0-1.0',
  'OFL-1.1',
  'BSD-3-Clause and others',
])

function bundledInMain(): string[] {
  const folder = path.join(root, 'out/main')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.js'))
  return [
    ...new Set(
      files
        .flatMap(name => sourcesOf(path.join(folder, name)))
        .map(packageOf)
        .filter(name => name !== undefined),
    ),
  ].sort()
}

describe('the licences shown in About', () => {
  test('name every package that is part of the app', () => {
    const bundled = bundledInMain()
    expect(bundled.length).toBeGreaterThan(20)
    expect(bundled.filter(name => !named.has(name))).toEqual([])
    expect(
      [
        'better-sqlite3',
        'electron',
        'react',
        'react-dom',
        '@mantine/core',
        '@fontsource-variable/inter',
        'zod',
        'lightweight-charts',
        'uplot',
      ].filter(name => !named.has(name)),
    ).toEqual([])
  })

  test('come with their text, and none asks for the app itself to be given away', () => {
    expect(packages.filter(({ text, licence }) => text.length < 100 || licence === '').map(({ name }) => name)).toEqual([])
    expect(packages.filter(({ licence }) => !FREE.has(licence)).map(({ name, licence }) => `${name}: ${licence}`)).toEqual([])
  })

  test('name no tool that only builds the app', () => {
    expect(['vite', 'vitest', 'typescript', 'electron-builder', 'playwright', 'oxlint', 'yaml'].filter(name => named.has(name))).toEqual([])
  })
})

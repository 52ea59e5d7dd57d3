import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { repoRoot } from '../support/repo-root.ts'

const page = readFileSync(path.join(repoRoot, 'docs/security.md'), 'utf8')

/** The rows of the tables under a heading, as cells. */
function rowsUnder(heading: string): string[][] {
  const section = page.split(/^## /m).find(part => part.startsWith(heading)) ?? ''
  const lines = section.split('\n').filter(line => line.startsWith('|') && !/^\|[\s|-]+\|$/.test(line))
  return lines.slice(1).map(line =>
    line
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim()),
  )
}

interface Named {
  readonly file: string
  readonly name: string
}

function testsIn(text: string): Named[] {
  return [...text.matchAll(/`(tests\/[^`]+)`: “([^”]+)”/g)].map(([, file = '', name = '']) => ({ file, name }))
}

/** Whether a file has a test of this name that runs: its text stands where a test is declared, and is not put off. */
function exists({ file, name }: Named): boolean {
  const where = path.join(repoRoot, file)
  if (!existsSync(where)) return false
  const text = readFileSync(where, 'utf8')
  return [`'${name}'`, `"${name}"`, `\`${name}\``].some(title => {
    const at = text.indexOf(title)
    return at > -1 && /(?:\btest\(|\)\()\s*$/.test(text.slice(0, at)) && !/test\.(?:skip|todo|fixme)\(\s*$/.test(text.slice(0, at))
  })
}

describe('docs/security.md', () => {
  test('names only tests that exist', () => {
    const named = testsIn(page)
    expect(named.length).toBeGreaterThan(50)
    expect(named.filter(one => !exists(one))).toEqual([])
    // The search knows what is not there.
    expect(exists({ file: 'tests/shell/guard.test.ts', name: 'is a wish' })).toBe(false)
  })

  test('has all 20 items of the checklist, each with a test', () => {
    const rows = rowsUnder('The checklist of Electron')
    expect(rows.map(([number]) => number)).toEqual(Array.from({ length: 20 }, (_, index) => `${index + 1}`))
    expect(rows.filter(cells => testsIn(cells[3] ?? '').length === 0)).toEqual([])
  })

  test('has all nine fuses as they are set, each with a test', () => {
    const rows = rowsUnder('Fuses')
    const builder = readFileSync(path.join(repoRoot, 'electron-builder.yml'), 'utf8')
    const block = /^electronFuses:\n((?: {2}\w+: \w+\n)+)/m.exec(builder)?.[1] ?? ''
    const set = [...block.matchAll(/(\w+): (true|false)/g)].map(([, name = '', value = '']) => [name, value === 'true' ? 'on' : 'off'])
    expect(rows.map(([name, value]) => [name, value])).toEqual([...set, ['wasmTrapHandlers', 'on']])
    expect(rows).toHaveLength(9)
    expect(rows.filter(cells => testsIn(cells[3] ?? '').length === 0)).toEqual([])
  })

  test('claims nothing in its other tables without a test', () => {
    const rows = [...rowsUnder('Beyond the checklist'), ...rowsUnder("The system's key store")]
    expect(rows.length).toBeGreaterThan(10)
    expect(rows.filter(cells => testsIn(cells[1] ?? '').length === 0)).toEqual([])
  })
})

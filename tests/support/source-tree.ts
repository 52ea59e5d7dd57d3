import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync } from 'vite'
import { repoRoot } from './repo-root.ts'

export { repoRoot }

export interface SourceImport {
  /** Repository path of a file of ours, or the package name as written. */
  readonly target: string
  readonly typeOnly: boolean
}

export interface SourceFunction {
  readonly name: string
  readonly line: number
  /** Lines of its own: the functions inside it count for themselves. */
  readonly lines: number
}

export interface SourceFile {
  readonly path: string
  readonly text: string
  readonly lines: number
  readonly imports: readonly SourceImport[]
  readonly functions: readonly SourceFunction[]
  readonly casts: readonly { line: number; type: string }[]
}

/** Every TypeScript file of the product (tests and configuration left out), parsed. */
export function readSources(): SourceFile[] {
  return ['electron', 'renderer', 'shared'].flatMap(top => listFiles(top)).map(readSource)
}

export function listFiles(folder: string, pattern = /\.tsx?$/): string[] {
  return readdirSync(path.join(repoRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => pattern.test(name) && !name.endsWith('.d.ts'))
    .map(name => `${folder}/${name.replaceAll('\\', '/')}`)
    .sort()
}

interface Node {
  type: string
  start: number
  end: number
  id?: { name?: string } | null
  typeAnnotation?: { start: number; end: number }
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])

function readSource(file: string): SourceFile {
  const text = readFileSync(path.join(repoRoot, file), 'utf8')
  const parsed = parseSync(file, text)
  const lineAt = lineIndex(text)
  const functions: SourceFunction[] = []
  const casts: { line: number; type: string }[] = []

  /** Walks a node and answers how many lines nested functions take, so that each function counts its own only. */
  const walk = (value: unknown): number => {
    if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + walk(item), 0)
    if (!isNode(value)) return 0
    if (value.type === 'TSAsExpression' && value.typeAnnotation) {
      casts.push({ line: lineAt(value.start), type: text.slice(value.typeAnnotation.start, value.typeAnnotation.end) })
    }
    const nested = Object.values(value).reduce<number>((sum, child) => sum + walk(child), 0)
    if (!FUNCTIONS.has(value.type)) return nested
    const lines = lineAt(value.end) - lineAt(value.start) + 1
    functions.push({ name: value.id?.name ?? '(anonymous)', line: lineAt(value.start), lines: lines - nested })
    return lines
  }
  walk(parsed.program)
  return { path: file, text, lines: text.split('\n').length - 1, imports: importsOf(file, text, parsed.module), functions, casts }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function importsOf(file: string, text: string, module: ReturnType<typeof parseSync>['module']): SourceImport[] {
  const found: SourceImport[] = []
  const add = (specifier: string, typeOnly: boolean): void => {
    const local = specifier.startsWith('.')
    found.push({ target: local ? path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier)) : specifier, typeOnly })
  }
  for (const item of module.staticImports) {
    const whole = text.slice(item.start, item.end)
    add(item.moduleRequest.value, /^import\s+type\b/.test(whole) || (item.entries.length > 0 && item.entries.every(entry => entry.isType)))
  }
  for (const item of module.staticExports) {
    for (const entry of item.entries) if (entry.moduleRequest) add(entry.moduleRequest.value, entry.isType)
  }
  for (const item of module.dynamicImports) {
    const literal = /^['"](.+)['"]$/.exec(text.slice(item.moduleRequest.start, item.moduleRequest.end).trim())
    if (literal?.[1] !== undefined) add(literal[1], false)
  }
  return found
}

function lineIndex(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return offset => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }
}

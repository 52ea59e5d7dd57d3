import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

const root = path.resolve(import.meta.dirname, '../..')
const MapSchema = z.object({ sources: z.array(z.string()) })
const STATIC = /^(?:import|export)\b[^'"\n]*?(?:from )?["'](\.[^"']+)["'];?$/gm

/** A file of the build and all it imports outright, one after the other; what is imported later, by a call, is left out. */
export function readAtOnce(entry: string): string[] {
  const seen = new Set<string>()
  const visit = (file: string): void => {
    if (seen.has(file)) return
    seen.add(file)
    for (const [, target] of readFileSync(file, 'utf8').matchAll(STATIC)) visit(path.resolve(path.dirname(file), target ?? ''))
  }
  visit(path.join(root, entry))
  return [...seen]
}

/** The source files a file of the build is made of, by repository path, from the source map beside it. The bundler's own glue has none. */
export function sourcesOf(file: string): string[] {
  if (/[\\/]rolldown-runtime-[\w-]+\.js$/.test(file)) return []
  const { sources } = MapSchema.parse(JSON.parse(readFileSync(`${file}.map`, 'utf8')))
  return sources.map(name => path.relative(root, path.resolve(path.dirname(file), name)).replaceAll('\\', '/'))
}

/** The package a source file belongs to, as `node_modules` names it; undefined for our own. */
export function packageOf(source: string): string | undefined {
  return /^.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1]
}

import { readdirSync } from 'node:fs'
import path from 'node:path'

export interface StaticFile {
  readonly file: string
  readonly type: string
}

/** Answers a request path with a file, or undefined. Nothing outside the list can be named. */
export type StaticFiles = (requestPath: string) => StaticFile | undefined

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
}

/**
 * The files of a folder, listed once. A request is looked up by its exact path in that list and never joined to a folder,
 * so no way of writing `..` leads outside. Source maps and unknown types are left out; symbolic links are not followed.
 */
export function listStaticFiles(root: string): StaticFiles {
  const files = new Map<string, StaticFile>()
  for (const entry of readFolder(root)) {
    const type = TYPES[path.extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const file = path.join(entry.parentPath, entry.name)
    files.set(`/${path.relative(root, file).split(path.sep).join('/')}`, { file, type })
  }
  const index = files.get('/index.html')
  if (index) files.set('/', index)
  return requestPath => files.get(requestPath)
}

function readFolder(root: string) {
  try {
    return readdirSync(root, { recursive: true, withFileTypes: true })
  } catch {
    return []
  }
}

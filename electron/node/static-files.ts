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
  const files = new Map(listFolder(root, ''))
  const index = files.get('/index.html')
  if (index) files.set('/', index)
  return requestPath => files.get(requestPath)
}

/** Goes down folder by folder: Node's own way down a tree follows symbolic links. */
function listFolder(folder: string, prefix: string): [string, StaticFile][] {
  return readFolder(folder).flatMap(entry => {
    const [file, requestPath] = [path.join(folder, entry.name), `${prefix}/${entry.name}`]
    if (entry.isDirectory()) return listFolder(file, requestPath)
    const type = TYPES[path.extname(entry.name)]
    return entry.isFile() && type !== undefined ? [[requestPath, { file, type }]] : []
  })
}

function readFolder(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

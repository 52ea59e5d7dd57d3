import { readFile } from 'node:fs/promises'
import { PAGE_HEADERS } from '../node/page-policy.ts'
import type { StaticFiles } from '../node/static-files.ts'
import { isOwnAddress } from './origin.ts'

/** Answers `app://keelson/...` with the built pages and their policy; anything else does not exist. */
export function createPageHandler(files: StaticFiles): (request: { readonly url: string; readonly method: string }) => Promise<Response> {
  return async ({ url, method }) => {
    const path = method === 'GET' && isOwnAddress(url) ? decodePath(new URL(url).pathname) : null
    const found = path === null ? undefined : files(path)
    const bytes = found && (await readFile(found.file).catch(() => undefined))
    if (!bytes) return new Response('Not found', { status: 404, headers: { ...PAGE_HEADERS, 'content-type': 'text/plain; charset=utf-8' } })
    return new Response(new Uint8Array(bytes), { headers: { ...PAGE_HEADERS, 'content-type': found.type } })
  }
}

function decodePath(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return null
  }
}

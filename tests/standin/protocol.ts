import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type * as Electron from 'electron'
import { life } from './life.ts'
import { strict } from './strict.ts'

export type SchemeHandler = (request: Request) => Response | Promise<Response>
export const schemeHandlers = new Map<string, SchemeHandler>()
/** What the app declared before it was ready, by scheme. */
export const privileges = new Map<string, Electron.Privileges>()

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged(schemes: readonly Electron.CustomScheme[]): void {
    if (life.isReady) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    for (const { scheme, privileges: given = {} } of schemes) privileges.set(scheme, given)
  },
  handle(scheme: string, handler: SchemeHandler): void {
    if (!life.isReady) throw new Error('protocol.handle called before app is ready')
    if (schemeHandlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`)
    schemeHandlers.set(scheme, handler)
  },
  unhandle: (scheme: string): void => void schemeHandlers.delete(scheme),
  isProtocolHandled: (scheme: string): boolean => schemeHandlers.has(scheme),
}) satisfies Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'unhandle' | 'isProtocolHandled'>

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** A file as Electron would give it for a file: address. */
export async function fetchFile(url: string): Promise<Response> {
  const file = fileURLToPath(url)
  const bytes = await readFile(file).catch(() => {
    throw new Error('net::ERR_FILE_NOT_FOUND')
  })
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' } })
}

import { listPackage, statFile } from '@electron/asar'
import { closeSync, openSync, readSync } from 'node:fs'
import path from 'node:path'
import type { Arch, PackagedApp, Platform } from './packaged-app.ts'

/** What better-sqlite3 is made of at run time, its binary apart. */
const SQLITE = [
  'LICENSE',
  'package.json',
  'lib/binding.js',
  'lib/database.js',
  'lib/index.js',
  'lib/sqlite-error.js',
  'lib/util.js',
  ...['aggregate', 'backup', 'explain', 'function', 'inspect', 'pragma', 'serialize', 'table', 'transaction', 'wrappers'].map(
    name => `lib/methods/${name}.js`,
  ),
].map(name => `node_modules/better-sqlite3/${name}`)

const HASH = '[\\w-]{8}'

/** Everything that may be in a package. Names of bundled parts follow from the sources; every other file is named one by one. */
const EXPECTED: readonly RegExp[] = [
  /^package\.json$/,
  /^out\/main\/(?:index|writer-worker|import-worker|flex-worker)\.js$/,
  new RegExp(`^out/main/chunks/[\\w.-]+-${HASH}\\.js$`),
  /^out\/preload\/preload\.cjs$/,
  /^out\/renderer\/(?:index\.html|licences\.json)$/,
  new RegExp(`^out/renderer/assets/[\\w.-]+-${HASH}\\.(?:js|css|svg|woff2)$`),
  /^resources\/tray\/[\w@.-]+\.png$/,
]

/** Without these a package does not run. */
const NEEDED = [
  'package.json',
  'out/main/index.js',
  'out/main/writer-worker.js',
  'out/preload/preload.cjs',
  'out/renderer/index.html',
  ...SQLITE,
]

/** The binary a package of this platform and processor loads. */
export function nativeBinary(platform: Platform, arch: Arch): string {
  return `node_modules/better-sqlite3/prebuilds/${platform}-${arch}.node`
}

/** Repository-style names of all files of a package, folders left out, those beside the archive included. */
export function filesOf({ asar }: PackagedApp): string[] {
  return listPackage(asar, { isPack: false })
    .map(name => name.replaceAll('\\', '/').replace(/^\//, ''))
    .filter(name => !('files' in statFile(asar, path.normalize(name))))
    .sort()
}

export interface Strange {
  /** Files nobody expects in a package. */
  readonly unexpected: readonly string[]
  /** Files it does not run without. */
  readonly missing: readonly string[]
}

/** What is in the list of a package's files that should not be, and the other way round. */
export function strangeIn(files: readonly string[], platform: Platform, arch: Arch): Strange {
  const named = new Set([...SQLITE, nativeBinary(platform, arch)])
  return {
    unexpected: files.filter(name => !named.has(name) && !EXPECTED.some(pattern => pattern.test(name))),
    missing: [...NEEDED, nativeBinary(platform, arch)].filter(name => !files.includes(name)),
  }
}

/** What a native module is for, read from its own header: `linux-x64`, `win32-arm64`, `darwin-x64`, or undefined when it is none of these. */
export function builtFor(file: string): string | undefined {
  const head = Buffer.alloc(1024)
  const handle = openSync(file, 'r')
  readSync(handle, head, 0, head.length, 0)
  closeSync(handle)
  const named = (platform: Platform, machine: number, machines: Readonly<Record<number, Arch>>): string | undefined => {
    const arch = machines[machine]
    return arch === undefined ? undefined : `${platform}-${arch}`
  }
  if (head.readUInt32BE(0) === 0x7f454c46) return named('linux', head.readUInt16LE(18), { 0x3e: 'x64', 0xb7: 'arm64' })
  if (head.readUInt32LE(0) === 0xfeedfacf) return named('darwin', head.readUInt32LE(4), { 0x1000007: 'x64', 0x100000c: 'arm64' })
  if (head.toString('latin1', 0, 2) !== 'MZ') return undefined
  const pe = head.readUInt32LE(0x3c)
  return pe + 6 > head.length ? undefined : named('win32', head.readUInt16LE(pe + 4), { 0x8664: 'x64', 0xaa64: 'arm64' })
}

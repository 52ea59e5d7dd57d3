import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { benchFolder } from './bench-desk.ts'
import { ended, startHost, statusOf } from './host-process.ts'

export interface Loaded {
  /** Packages whose code was loaded, bundled or not, and Node's own copy of undici. */
  readonly libraries: string[]
  /** How many of our built files. */
  readonly files: number
}

/** Runs in the host before anything else: notes every module from then on, and writes the list when the first request comes. */
const NOTE_TAKER = `
import { registerHooks } from 'node:module'
import { subscribe } from 'node:diagnostics_channel'
import { writeFileSync } from 'node:fs'
const urls = []
registerHooks({ load(url, context, next) { urls.push(url); return next(url, context) } })
let done = false
subscribe('http.server.request.start', () => {
  if (!done) writeFileSync(FILE, JSON.stringify({ urls, own: process.moduleLoadList }))
  done = true
})`

/** What the built host has loaded when it serves its first request. */
export async function loadedAtFirstRequest(): Promise<Loaded> {
  using folder = benchFolder()
  const list = path.join(path.dirname(folder.file), 'loaded.json')
  const preload = `data:text/javascript,${encodeURIComponent(NOTE_TAKER.replace('FILE', JSON.stringify(list)))}`
  const host = await startHost({ dataDir: path.dirname(folder.file), nodeArgs: ['--import', preload] })
  await statusOf(host.link)
  const { urls, own } = JSON.parse(readFileSync(list, 'utf8')) as { urls: string[]; own: string[] }
  host.process.kill('SIGKILL')
  await ended(host.process)
  const files = filesAmong(urls)
  if (files.length === 0) throw new Error('no module was noted')
  const libraries = new Set(librariesIn(urls))
  if (own.some(name => name.includes('deps/undici'))) libraries.add('undici (in Node)')
  return { libraries: [...libraries].toSorted(), files: files.length }
}

/** Packages with code among these modules, bundled or not. */
export function librariesIn(urls: readonly string[]): string[] {
  return [...new Set(filesAmong(urls).flatMap(sourcesOf).flatMap(packageOf))].toSorted()
}

function filesAmong(urls: readonly string[]): string[] {
  return urls.filter(url => url.startsWith('file:')).map(url => fileURLToPath(url))
}

/** The files a built file was made from, by its source map; itself where there is none. */
function sourcesOf(file: string): string[] {
  if (!existsSync(`${file}.map`)) return [file]
  const { sources } = JSON.parse(readFileSync(`${file}.map`, 'utf8')) as { sources: string[] }
  return sources
}

function packageOf(file: string): string[] {
  const found = /.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1]
  return found === undefined ? [] : [found]
}

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'

const SOURCES = ['electron', 'renderer', 'shared', 'resources', 'electron.vite.config.ts', 'package.json', 'package-lock.json']
const RESULTS = ['out/main/index.js', 'out/headless/keelson.js', 'out/preload/preload.cjs', 'out/renderer/index.html']

/** Whether everything that is built is there and newer than everything it is built from. */
export function isBuilt(root: string): boolean {
  const results = RESULTS.map(name => path.join(root, name))
  if (!results.every(file => existsSync(file))) return false
  const oldest = Math.min(...results.map(file => statSync(file).mtimeMs))
  return SOURCES.every(name => newestIn(path.join(root, name)) <= oldest)
}

/** Builds both hosts and the pages. Its output is shown only when it fails. */
export function build(root: string): boolean {
  const tool = path.join(root, 'node_modules/electron-vite/bin/electron-vite.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, 'build'], { cwd: root, encoding: 'utf8' })
  if (status !== 0) console.error(`${stdout}\n${stderr}`.trim())
  return status === 0
}

function newestIn(file: string): number {
  if (!existsSync(file)) return 0
  const own = statSync(file)
  if (!own.isDirectory()) return own.mtimeMs
  return readdirSync(file, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .reduce((newest, entry) => Math.max(newest, statSync(path.join(entry.parentPath, entry.name)).mtimeMs), 0)
}

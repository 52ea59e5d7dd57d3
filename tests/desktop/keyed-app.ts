import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { build } from 'vite'
import config from '../../electron.vite.config.ts'

/**
 * `node tests/desktop/keyed-app.ts <folder>`: puts the app there as it lies in a package, with the public keys of
 * KEELSON_UPDATE_PUBLIC_KEY_FILE built into its main script. Its pages are those that were built last.
 */
const root = path.resolve(import.meta.dirname, '../..')
const app = path.resolve(process.argv[2] ?? '')
const { main } = config
mkdirSync(app, { recursive: true })
for (const part of ['package.json', 'out/preload', 'out/renderer']) cpSync(path.join(root, part), path.join(app, part), { recursive: true })
symlinkSync(path.join(root, 'node_modules'), path.join(app, 'node_modules'))
const { define = {}, build: { target, rolldownOptions = {} } = {} } = main ?? {}
await build({
  configFile: false,
  root,
  logLevel: 'warn',
  define,
  ssr: { noExternal: true, external: ['electron', 'better-sqlite3', '@napi-rs/keyring'] },
  build: { ssr: true, target: target ?? 'node22', outDir: path.join(app, 'out/main'), emptyOutDir: true, rolldownOptions },
})

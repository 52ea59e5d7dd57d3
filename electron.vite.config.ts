import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { build, type Plugin } from 'vite'
import { createLicenceList } from './electron/packaging/licences.ts'
import manifest from './package.json' with { type: 'json' }

const here = (file: string): string => path.resolve(import.meta.dirname, file)

/** Native modules find their binaries beside themselves, so they stay outside the bundles. */
const NATIVE = ['better-sqlite3', '@napi-rs/keyring']
/** Electron-vite would leave every dependency outside: all that is plain JavaScript goes in. */
const BUNDLED = Object.keys(manifest.dependencies).filter(name => !NATIVE.includes(name))
const licences = createLicenceList(import.meta.dirname)
const TARGET = 'node22'
/** The public keys updates are checked by; a build without the file does not update itself. */
const UPDATE_KEYS = process.env['KEELSON_UPDATE_PUBLIC_KEY_FILE'] ?? here('resources/update-key.pub')

/** Scripts of worker threads, which lie beside the entry. */
const THREADS = {
  'writer-worker': here('electron/core/sync/writer-worker.ts'),
  'import-worker': here('electron/core/services/import-worker.ts'),
  'flex-worker': here('electron/core/brokers/ibkr/flex/parse-worker.ts'),
}

/**
 * Reads Node's own modules directly instead of importing them. Importing one reads its every export, and some of those load
 * half of Node: fs, http and crypto alone would double the command's start-up time. A Node too old for this leaves the names
 * empty, and the command tells its user before it needs one.
 */
function directBuiltins(): Plugin {
  const imports = /^import (?:\* as (\w+)|(\w+)|(\{[^}]*\})) from ("node:[\w/]+");$/gm
  const read = (_: string, all: string | undefined, one: string | undefined, some: string | undefined, from: string): string =>
    `const ${all ?? one ?? some?.replaceAll(' as ', ': ') ?? ''} = globalThis.process.getBuiltinModule?.(${from}) ?? {};`
  return { name: 'keelson-direct-builtins', renderChunk: code => ({ code: code.replace(imports, read), map: null }) }
}

/**
 * Leaves out what would read settings from a file called .env in whatever folder the app was started in: a stranger's file could
 * name other servers to it. One dependency brings it along, for its own examples.
 */
function noEnvFiles(): Plugin {
  const empty = '\0no-env-files'
  return {
    name: 'keelson-no-env-files',
    enforce: 'pre',
    resolveId: id => (id === 'dotenv' ? empty : null),
    load: id => (id === empty ? 'export const config = () => ({})' : null),
  }
}

/**
 * Builds the `keelson` command beside the desktop's main process, into a folder of its own. The two share no chunk: each file
 * the command has to read before it serves would cost it start-up time.
 */
function headlessBuild(): Plugin {
  return {
    name: 'keelson-headless',
    apply: 'build',
    async closeBundle() {
      await build({
        configFile: false,
        root: import.meta.dirname,
        logLevel: 'warn',
        plugins: [noEnvFiles(), directBuiltins(), licences.collect()],
        ssr: { noExternal: true, external: NATIVE },
        build: {
          ssr: true,
          outDir: here('out/headless'),
          emptyOutDir: true,
          target: TARGET,
          sourcemap: true,
          rolldownOptions: {
            input: { keelson: here('electron/headless/keelson.ts'), ...THREADS },
            output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
          },
        },
      })
    },
  }
}

export default defineConfig({
  main: {
    define: { KEELSON_UPDATE_KEYS: JSON.stringify(existsSync(UPDATE_KEYS) ? readFileSync(UPDATE_KEYS, 'utf8') : '') },
    plugins: [noEnvFiles(), headlessBuild(), licences.collect()],
    build: {
      outDir: 'out/main',
      emptyOutDir: true,
      target: TARGET,
      externalizeDeps: { exclude: BUNDLED },
      // Beside the files, for tests to look into; packages leave them out, so nothing may point to them.
      sourcemap: 'hidden',
      rolldownOptions: {
        input: { index: here('electron/shell/main.ts'), ...THREADS },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    plugins: [licences.collect()],
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: here('electron/shell/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: here('renderer'),
    plugins: [react(), licences.write(here('out/renderer'))],
    build: { outDir: here('out/renderer'), emptyOutDir: true, minify: true, rolldownOptions: { input: here('renderer/index.html') } },
  },
})

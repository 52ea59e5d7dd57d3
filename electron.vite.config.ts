import path from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const here = (file: string): string => path.resolve(import.meta.dirname, file)

/** Native modules find their binaries beside themselves, so they stay outside the bundle. */
const NATIVE = ['better-sqlite3', '@napi-rs/keyring']
const BUNDLED = ['big.js', 'commander', 'node-cron', 'oauth4webapi', 'selfsigned', 'undici', 'ws', 'zod']

/**
 * One build for both hosts. The Node side keeps its layout below out/: the desktop's main process, the `keelson` command and
 * the writer thread are files of their own, and everything loaded later is a chunk of its own.
 */
export default defineConfig({
  main: {
    build: {
      outDir: 'out',
      emptyOutDir: false,
      target: 'node22',
      externalizeDeps: { exclude: BUNDLED },
      sourcemap: true,
      rolldownOptions: {
        external: [...NATIVE, 'electron', /^node:/],
        input: {
          'main/index': here('electron/shell/main.ts'),
          'headless/keelson': here('electron/headless/keelson.ts'),
          'core/writer-worker': here('electron/core/sync/writer-worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
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
    plugins: [react()],
    build: { outDir: here('out/renderer'), emptyOutDir: true, minify: true, rolldownOptions: { input: here('renderer/index.html') } },
  },
})

import path from 'node:path'
import { defineConfig } from 'vitest/config'

/** Packages what is built: run by `npm run pack:check`, and for one platform by the gate. */
export default defineConfig({
  root: path.resolve(import.meta.dirname, '../..'),
  test: { include: ['tests/packaging/*.pack.ts'], testTimeout: 240_000, hookTimeout: 240_000, fileParallelism: false },
})

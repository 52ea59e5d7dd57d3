import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    exclude: ['tests/e2e/**'],
    // The machine this runs on may have two cores and busy neighbours: slow is not wrong.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Without this, a test that forgets to stand in for `electron` would try to download it.
    env: { ELECTRON_OVERRIDE_DIST_PATH: '/nonexistent' },
  },
})

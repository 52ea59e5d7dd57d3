import { defineConfig } from 'playwright/test'

/** Two apps at a time, each with a data folder and simulators of its own. */
const WORKERS = 2

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/desktop',
  fullyParallel: true,
  workers: WORKERS,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ? [['list'], ['json']] : 'list',
})

import { defineConfig } from 'playwright/test'
import { BARE_WINDOWS, findChromium } from '../gate/chromium.ts'

const chromium = findChromium()

/**
 * Three files at a time, of which one mostly waits for a broker's pace: all of them take two processors less than half of the time that two at
 * a time last. Each test has a data folder, a host on a free port and simulators of its own, and sign-ins at simulators return to
 * free ports. What needs a fixed port (7497, for a TWS that hangs) is asked for by one test alone.
 */
const WORKERS = 3

/** Chromium as the gate finds it, else Playwright's own. Root needs --no-sandbox; the other flags keep it from calling home. */
export default defineConfig({
  testDir: '.',
  // Of its own: what is in it is deleted first, and the desktop's tests may be running.
  outputDir: '../../test-results/e2e',
  fullyParallel: false,
  workers: WORKERS,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env['CI']),
  // The gate names a file for the report it counts; by hand, the list is enough.
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ? [['list'], ['json']] : 'list',
  use: {
    ignoreHTTPSErrors: false,
    // A trace of every test would cost a fifth of its time; the gate runs what failed once more, with one.
    trace: 'on-first-retry',
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', BARE_WINDOWS],
    },
  },
})

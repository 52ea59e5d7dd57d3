import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test as base } from 'playwright/test'
import { type Sandbox, startSandbox } from '../../electron/core/sandbox/sandbox.ts'
import { STAND_IDS, standVariable } from '../../electron/core/sandbox/stands.ts'
import type { Instant } from '../../shared/domain/time.ts'
import { type Desktop, type DesktopOptions, isRealElectron, launchDesktop } from './launch.ts'

/** Rows of history: some weeks of it, of which these tests look at the newest alone. */
const SOME = 150

export type Launch = (options?: Partial<DesktopOptions>) => Promise<Desktop>

export interface Fixtures {
  dataDir: string
  /** Simulators in the test's own process, so that it can break them. */
  sandbox: Sandbox
  /** Starts the app on the test's folder and simulators, as often as the test likes; what still runs is closed at its end. */
  launch: Launch
  /** The app, started once. */
  desktop: Desktop
}

export const test = base.extend<Fixtures>({
  // Playwright insists on a destructured first argument.
  // oxlint-disable-next-line no-empty-pattern
  dataDir: async ({}, provide) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'keelson-desktop-'))
    await provide(folder)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  },
  // oxlint-disable-next-line no-empty-pattern
  sandbox: async ({}, provide) => {
    const sandbox = await startSandbox({ seed: 11, size: { activities: SOME }, now: () => new Date().toISOString() as Instant })
    await provide(sandbox)
    await sandbox.close()
  },
  launch: async ({ dataDir, sandbox }, provide) => {
    const started: Desktop[] = []
    const addresses = Object.fromEntries(STAND_IDS.map(stand => [standVariable(stand), sandbox.urls[stand]]))
    await provide(async (options = {}) => {
      base.skip(isRealElectron && options.isPackaged === true, 'the fuses of a packaged app keep tests out')
      base.skip(isRealElectron && options.computer !== undefined, 'a real computer cannot be told what to be')
      const desktop = await launchDesktop({ dataDir, ...options, env: { ...addresses, ...options.env } })
      started.push(desktop)
      return desktop
    })
    for (const desktop of started) await desktop.close()
  },
  desktop: async ({ launch }, provide) => {
    await provide(await launch())
  },
})

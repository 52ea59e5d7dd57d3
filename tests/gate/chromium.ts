import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

const KNOWN: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/snap/bin/chromium', '/usr/bin/microsoft-edge'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap(name => {
    const base = process.env[name]
    return base === undefined ? [] : [path.join(base, 'Google/Chrome/Application/chrome.exe'), path.join(base, 'Microsoft/Edge/Application/msedge.exe')]
  }),
}

/** Path of an installed Chromium browser (`KEELSON_CHROMIUM` first), or undefined. */
export function findChromium(): string | undefined {
  return [process.env['KEELSON_CHROMIUM'], ...(KNOWN[process.platform] ?? [])].find(file => file !== undefined && existsSync(file))
}

/** Installs Chromium: Debian's own as root, else Playwright's. Answers its path, or undefined when neither could be had. */
export function installChromium(): string | undefined {
  const run = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): boolean =>
    spawnSync(command, args, { stdio: 'inherit', env, shell: process.platform === 'win32' }).status === 0
  if (existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const installed = run('apt-get', ['update', '-q'], env) && run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], env)
    if (installed) return findChromium()
  }
  const playwright = path.resolve(import.meta.dirname, '../../node_modules/playwright/cli.js')
  return run(process.execPath, [playwright, 'install', 'chromium']) ? 'playwright' : undefined
}

/**
 * What a window of Chromium would load beside its page, and what no test looks at: two pages behind the address bar cost a second of the
 * processor for each window. Of several such switches the last counts, so what Playwright leaves out by itself is said again.
 */
export const BARE_WINDOWS = `--disable-features=${[
  'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup',
  'AimEnabled', 'AvoidCorsURLLoaderRestartOnRedirect', 'AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable', 'HttpsUpgrades', 'LensOverlay', 'MediaRouter', 'NetworkTimeServiceQuerying', 'OptimizationHints', 'PaintHolding',
  'PreconnectToSearch', 'TcpPortRandomizationWin', 'ThirdPartyStoragePartitioning',
].join(',')}`

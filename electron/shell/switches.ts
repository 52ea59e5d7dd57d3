import type { CommandLine } from 'electron'

/**
 * Switches that hand the app, its page or its keys to somebody else. An installed copy takes them off its command line before they
 * are read: on macOS and Linux the key store trusts the app, so whoever could steer it from outside would have its secrets.
 */
export const REFUSED_SWITCHES: readonly string[] = [
  // Steering from outside.
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-io-pipes',
  'remote-debugging-address',
  'remote-allow-origins',
  'inspect',
  'inspect-brk',
  'inspect-port',
  'inspect-publish-uid',
  'inspect-wait',
  'debug',
  'debug-brk',
  'debug-port',
  'enable-automation',
  'auto-open-devtools-for-tabs',
  'js-flags',
  'load-extension',
  'disable-extensions-except',
  // Other code, and code of others.
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'gpu-launcher',
  'browser-subprocess-path',
  'ppapi-plugin-launcher',
  'register-pepper-plugins',
  'enable-blink-features',
  'enable-blink-test-features',
  'disable-blink-features',
  'blink-settings',
  'expose-internals-for-testing',
  'enable-experimental-web-platform-features',
  // Walls taken down.
  'disable-web-security',
  'disable-site-isolation-trials',
  'disable-features',
  'enable-features',
  'allow-file-access-from-files',
  'allow-running-insecure-content',
  'unsafely-treat-insecure-origin-as-secure',
  'ignore-certificate-errors',
  'ignore-certificate-errors-spki-list',
  'allow-insecure-localhost',
  'use-fake-ui-for-media-stream',
  'use-mock-keychain',
  'enable-speech-dispatcher',
  'disable-seccomp-filter-sandbox',
  'disable-namespace-sandbox',
  'disable-setuid-sandbox',
  'disable-gpu-sandbox',
  'allow-sandbox-debugging',
  // Another network, and what is said on it written down.
  'host-rules',
  'host-resolver-rules',
  'proxy-server',
  'proxy-pac-url',
  'proxy-bypass-list',
  'ssl-key-log-file',
  'log-net-log',
  'net-log-capture-mode',
  'auth-server-whitelist',
  'auth-negotiate-delegate-whitelist',
]

/** By the time the app's own code runs these have done their work: nothing but not starting helps. */
const TOO_LATE = ['no-sandbox', 'single-process', 'no-zygote-sandbox', 'zygote-cmd-prefix']

/** Takes refused switches off the command line; answers the first that cannot be taken back, or null. Call it before the app is ready. */
export function refuseSwitches(commandLine: Pick<CommandLine, 'hasSwitch' | 'removeSwitch'>): string | null {
  for (const name of REFUSED_SWITCHES) if (commandLine.hasSwitch(name)) commandLine.removeSwitch(name)
  return TOO_LATE.find(name => commandLine.hasSwitch(name)) ?? null
}

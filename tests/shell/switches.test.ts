import { expect, test } from 'vitest'
import { REFUSED_SWITCHES, refuseSwitches } from '../../electron/shell/switches.ts'

function commandLine(...names: readonly string[]) {
  const left = new Set(names)
  return { left, hasSwitch: (name: string) => left.has(name), removeSwitch: (name: string) => void left.delete(name) }
}

test('an installed copy takes off every switch that opens it to others', () => {
  const line = commandLine(...REFUSED_SWITCHES, 'data-dir', 'password-store', 'hidden')
  expect(refuseSwitches(line)).toBeNull()
  expect([...line.left]).toEqual(['data-dir', 'password-store', 'hidden'])
})

test.each([
  'remote-debugging-port',
  'remote-debugging-pipe',
  'inspect',
  'inspect-brk',
  'js-flags',
  'load-extension',
  'host-rules',
  'host-resolver-rules',
  'proxy-server',
  'ignore-certificate-errors',
  'disable-web-security',
  'ssl-key-log-file',
  'use-mock-keychain',
  'renderer-cmd-prefix',
  'remote-debugging-io-pipes',
  'blink-settings',
  'disable-blink-features',
  'enable-blink-test-features',
  'expose-internals-for-testing',
  'allow-sandbox-debugging',
])('--%s is one of them', name => {
  expect(REFUSED_SWITCHES).toContain(name)
})

test.each(['no-sandbox', 'single-process', 'zygote-cmd-prefix'])('it does not run at all with --%s', name => {
  expect(refuseSwitches(commandLine(name, 'inspect'))).toBe(name)
})

test('it starts without a word when there are none', () => {
  expect(refuseSwitches(commandLine())).toBeNull()
})

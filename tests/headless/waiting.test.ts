import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import type { Fault } from '../../electron/core/sandbox/faults.ts'
import { startSandbox } from '../../electron/core/sandbox/sandbox.ts'
import { keelsonEntry } from '../support/built.ts'
import { jumpingClock, tempFolder } from '../support/fake-ports.ts'
import { redirectAfterConsent } from '../support/test-core.ts'

interface Ended {
  readonly code: number | null
  readonly out: string
}

/** Runs the command as a user's shell does, in a process of its own with nothing else to keep it going. */
function keelson(args: readonly string[], env: NodeJS.ProcessEnv, onLine: (line: string) => void = () => undefined): Promise<Ended> {
  const child = spawn(process.execPath, [keelsonEntry, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'ignore'] })
  let out = ''
  child.stdout.on('data', (part: Buffer) => (out += part.toString('utf8')))
  createInterface({ input: child.stdout }).on('line', onLine)
  // Not when it exits: what it said last may still be on its way then.
  return new Promise(resolve => child.once('close', code => resolve({ code, out })))
}

async function connected() {
  const folder = tempFolder()
  const sandbox = await startSandbox({ seed: 3, now: jumpingClock().now, size: { activities: 120 } })
  const env = {
    KEELSON_DATA_DIR: folder.path, KEELSON_PASSPHRASE: 'one two three', KEELSON_KEYRING: 'off',
    KEELSON_SANDBOX_ALPACA_URL: sandbox.urls.alpaca, KEELSON_SANDBOX_SCHWAB_URL: sandbox.urls.schwab,
  }
  const { code } = await keelson(['connect', 'alpaca', '--environment', 'sandbox', '--no-open', '--json'], env, line => {
    const event: unknown = JSON.parse(line)
    const url: unknown = Reflect.get(Object(event), 'url')
    if (typeof url === 'string') void redirectAfterConsent(url).then(address => fetch(address))
  })
  expect(code).toBe(0)
  return {
    run: (...args: string[]) => keelson(args, env),
    fault: (fault: Fault) => sandbox.control('alpaca').fault(fault),
    async [Symbol.asyncDispose]() {
      await sandbox.close()
      folder[Symbol.dispose]()
    },
  }
}

// Each has a folder and a broker of its own, so that they wait side by side.
test.concurrent.each<[string, Fault, string, number]>([
  ['a broker that fails once', { name: 'server-error', status: 503, times: 1, path: '/v2/account/activities' }, 'success', 0],
  ['a broker that asks to wait', { name: 'rate-limited', retryAfter: 2, times: 1, path: '/v2/account/activities' }, 'success', 0],
  ['an answer cut short once', { name: 'truncated', times: 1, path: '/v2/account/activities' }, 'success', 0],
  ['a connection dropped once', { name: 'dropped', times: 1, path: '/v2/account/activities' }, 'success', 0],
  ['a broker that stays down', { name: 'server-error' }, 'failed', 1],
  ['a page of a proxy instead of an answer', { name: 'forbidden-html' }, 'failed', 1],
])('a sync by itself waits out %s and says how it ended', async (_what, fault, result, exit) => {
  await using user = await connected()
  user.fault(fault)
  const { code, out } = await user.run('sync', 'alpaca', '--json')
  expect(JSON.parse(out)).toMatchObject({ result })
  expect(code).toBe(exit)
})

test.concurrent('a sync that needs a sign-in ends with the code for it', async () => {
  await using user = await connected()
  user.fault({ name: 'revoked' })
  const { code, out } = await user.run('sync', 'alpaca', '--json')
  expect(JSON.parse(out)).toMatchObject({ result: 'failed' })
  expect(code).toBe(3)
})

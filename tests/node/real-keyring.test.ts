import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { chooseSecretBox } from '../../electron/node/choose-box.ts'
import { createRandom } from '../../electron/node/random.ts'
import { storeTrouble } from '../../electron/node/store-trouble.ts'
import { createSystemKeyring } from '../../electron/node/system-keyring.ts'
import { tempFolder } from '../support/fake-ports.ts'
import { repoRoot } from '../support/repo-root.ts'

const DAEMON = ['/usr/bin/gnome-keyring-daemon', '/usr/local/bin/gnome-keyring-daemon'].find(file => existsSync(file))
const hasBus = existsSync('/usr/bin/dbus-run-session')
const BUS = `<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`

describe.skipIf(DAEMON === undefined || !hasBus)('the real GNOME Keyring (skipped without gnome-keyring-daemon and dbus-run-session)', () => {
  test('guards a key over restarts of Keelson, and is missed when it is gone', () => {
    using folder = tempFolder()
    const keelson = `${process.execPath} ${path.join(repoRoot, 'electron/headless/keelson.ts')} vault --json --data-dir ${folder.path}`
    const script = `printf 'login' | ${DAEMON} --unlock --components=secrets >/dev/null 2>&1; ${keelson} && ${keelson}`
    const env = { ...process.env, HOME: folder.path, XDG_DATA_HOME: `${folder.path}/share`, NODE_NO_WARNINGS: '1' }
    const { stdout } = spawnSync('dbus-run-session', ['--', 'sh', '-c', script], { env, encoding: 'utf8' })
    const docs = stdout.trim().split('\n').map(line => JSON.parse(line) as unknown)
    expect(docs).toEqual([{ vault: expect.objectContaining({ state: 'open', protection: 'keyring' }) as unknown }, { vault: expect.objectContaining({ state: 'open', protection: 'keyring' }) as unknown }])
    // A bus that starts no services, since an installed keyring is started by the first who asks for it.
    const bus = path.join(folder.path, 'bus.conf')
    writeFileSync(bus, BUS)
    const without = spawnSync('dbus-run-session', [`--config-file=${bus}`, '--', 'sh', '-c', keelson], { env, encoding: 'utf8' })
    expect(JSON.parse(without.stdout)).toMatchObject({ vault: { state: 'locked', trouble: { code: 'vault/store-missing' } } })
  })
})

const isBare = process.platform === 'linux' && process.env['DBUS_SESSION_BUS_ADDRESS'] === undefined

test.skipIf(!isBare)('a machine without a session is told from a locked keyring, by the words of the real module (skipped inside a desktop session)', async () => {
  using folder = tempFolder()
  const random = createRandom()
  const entries = new Map<string, string>()
  const working = { get: (name: string) => Promise.resolve(entries.get(name) ?? null), set: (name: string, text: string) => Promise.resolve(void entries.set(name, text)) }
  const box = await chooseSecretBox({ dataDir: folder.path, env: {}, random, prompt: null, keyring: working })
  const wrapped = await box.wrap(random.bytes(32))
  const bare = await chooseSecretBox({ dataDir: folder.path, env: {}, random, prompt: null, keyring: createSystemKeyring() })
  await expect(bare.unwrap(wrapped, box.backend)).rejects.toMatchObject({ code: 'vault/store-missing' })
})

test.skipIf(process.platform !== 'linux' || !hasBus)('a Secret Service that hangs holds up nothing else (skipped without dbus-run-session)', () => {
  const env = { ...process.env, NODE_NO_WARNINGS: '1' }
  const script = path.join(repoRoot, 'tests/node/support/ask-keyring.ts')
  const { stdout } = spawnSync('dbus-run-session', ['--', process.execPath, script], { env, encoding: 'utf8', timeout: 50_000 })
  const { turns, end } = JSON.parse(stdout.trim()) as { turns: number; end: string }
  expect(storeTrouble(new Error(end), 'vault/key-changed').code).toBe('vault/store-busy')
  // The module itself waits two seconds; on the same thread there would be no turn at all.
  expect(turns).toBeGreaterThan(20)
})

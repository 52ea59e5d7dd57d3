import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { signLicence } from '../../electron/core/entitlements/licence.ts'
import { openCore } from '../../electron/headless/open-core.ts'
import { layoutAround } from '../../electron/node/layout.ts'
import { tempFolder } from '../support/fake-ports.ts'
import { repoRoot } from '../support/repo-root.ts'
import { callerOf } from '../support/test-core.ts'
import { fakeTerminal } from './support/fake-terminal.ts'

const keys = generateKeyPairSync('ed25519')

/** A build of a distributor that gates IBKR. */
function distributorBuild(root: string): ReturnType<typeof layoutAround> {
  const publicKey = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  mkdirSync(path.join(root, 'resources'))
  writeFileSync(path.join(root, 'package.json'), '{"version":"1.2.3"}')
  writeFileSync(path.join(root, 'resources', 'entitlements.json'), JSON.stringify({ publicKey, gated: ['ibkr'] }))
  return { ...layoutAround(path.join(repoRoot, 'electron/headless/keelson.ts')), root }
}

/** What this host says of IBKR, started on a data folder. */
async function ibkrIn(layout: ReturnType<typeof layoutAround>, dataDir: string): Promise<unknown> {
  const terminal = fakeTerminal({ env: { KEELSON_PASSPHRASE: 'a passphrase of this test' } })
  const waitWhenBusy = () => Promise.resolve(false)
  const core = await openCore({ dataDir, layout, terminal, verbose: false, askPassphrase: 'never', background: false, waitWhenBusy })
  const call = callerOf((request, signal) => core.dispatch(request, { signal }))
  const ibkr = (await call('brokers.list', {})).find(({ id }) => id === 'ibkr')
  await core.close()
  return ibkr?.edition
}

test("a distributor's build without a window reads its policy from the build and the licence from the data folder", async () => {
  using root = tempFolder()
  using data = tempFolder()
  const layout = distributorBuild(root.path)
  expect(await ibkrIn(layout, data.path)).toMatchObject({ included: false })
  writeFileSync(path.join(data.path, 'licence.key'), signLicence({ holder: 'Example', brokers: ['ibkr'], until: null }, keys))
  expect(await ibkrIn(layout, data.path)).toEqual({ included: true, sentence: '' })
})

test('an edition file that cannot be used is named, with what is wrong with it', async () => {
  using root = tempFolder()
  using data = tempFolder()
  const layout = distributorBuild(root.path)
  const file = path.join(root.path, 'resources', 'entitlements.json')
  writeFileSync(file, '{"gated":')
  await expect(ibkrIn(layout, data.path)).rejects.toMatchObject({
    code: 'app/edition-unusable',
    message: `The edition file ${file} cannot be used: it is not JSON. Keelson does not start without it.`,
  })
})

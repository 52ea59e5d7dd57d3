import { beforeEach, describe, expect, test } from 'vitest'
import { startVaultOver, unlockVault, useApp } from '../../renderer/state/app.ts'
import { dataOf } from '../../renderer/state/remote.ts'
import { NOW } from './examples.ts'
import { type Asked, fakeCore, ok, refusal } from './fake-core.ts'

type Vault = { readonly state: 'open' | 'locked'; readonly protection: 'keyring'; readonly notice: string | null }
const locked: Vault = { state: 'locked', protection: 'keyring', notice: 'The keyring is shut.' }
const open: Vault = { state: 'open', protection: 'keyring', notice: null }

/** A core whose vault is opened by `opener`, if by anything. */
function vaultCore(opener: string | null) {
  let vault = locked
  return fakeCore(({ route }: Asked) => {
    if (route === opener) vault = open
    if (route === 'vault.startOver' && vault === locked) return refusal('vault/no-store')
    return ok(route === 'app.status' ? { version: '0.1.0', host: 'test', vault, sandbox: { running: false }, now: NOW } : vault)
  })
}

const shown = () => dataOf(useApp.getState().status)?.vault

beforeEach(() => useApp.setState(useApp.getInitialState(), true))

describe('the locked vault', () => {
  test('is shown open as soon as another try opened it, without waiting for an event', async () => {
    vaultCore('vault.unlock')
    expect(await unlockVault()).toEqual(open)
    expect(shown()).toEqual(open)
  })

  test('is shown as it is when the try changed nothing', async () => {
    vaultCore(null)
    expect(await unlockVault()).toEqual(locked)
    expect(shown()).toEqual(locked)
  })

  test('starts over with the confirmation the core asks for', async () => {
    const core = vaultCore('vault.startOver')
    await startVaultOver()
    expect(core.asked[0]).toEqual({ route: 'vault.startOver', input: { confirm: true } })
    expect(shown()).toEqual(open)
  })

  test('says why it could not start over', async () => {
    vaultCore(null)
    await expect(startVaultOver()).rejects.toMatchObject({ view: { code: 'vault/no-store' } })
  })
})

import { expect, test } from 'vitest'
import { getConnection } from '../../../electron/core/store/connections.ts'
import { writeSecret } from '../../../electron/core/store/secrets.ts'
import { settleVault } from '../../../electron/core/tokens/settle-vault.ts'
import { Secret } from '../../../electron/core/vault/secret.ts'
import type { Vault } from '../../../electron/core/vault/vault.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { tempFolder } from '../../support/fake-ports.ts'
import { addConnection, grantOf, openTokenDesk, type TokenDesk } from './support/desk.ts'

/** One connection of each kind of secret: tokens, tokens beside a form, a form alone, and none at all. */
function connectionsOf(desk: TokenDesk): Record<'oauth' | 'grant' | 'flex' | 'tws', Connection> {
  const [oauth, grant] = [addConnection(desk), addConnection(desk, 'personal-grant', 'tastytrade')]
  const [flex, tws] = [addConnection(desk, 'flex', 'ibkr'), addConnection(desk, 'tws', 'ibkr')]
  for (const { id } of [oauth, grant]) desk.tokens.save(id, grantOf(desk), { signInBy: null })
  const scope = { owner: `${flex.id}/flex`, field: 'form', version: 1 } as const
  writeSecret(desk.db.writer, scope, desk.vault.seal(scope, Secret.of('{"token":"123"}')))
  return { oauth, grant, flex, tws }
}

test('a locked vault stops every connection with something sealed, and no other, until it opens again', async () => {
  using folder = tempFolder()
  await using desk = await openTokenDesk({ folder: folder.path, origin: 'http://127.0.0.1:9' })
  const { oauth, grant, flex, tws } = connectionsOf(desk)
  const { db, vault, ports } = desk
  const now = ports.clock.now()
  const locked: Vault = { ...vault, status: () => ({ ...vault.status(), state: 'locked' }) }
  expect(settleVault({ db, vault: locked, now }).toSorted()).toEqual([oauth.id, grant.id, flex.id].toSorted())
  for (const { id } of [oauth, grant, flex])
    expect(getConnection(db.reader, id)?.state).toEqual({ kind: 'needs-sign-in', because: 'vault-locked', since: now })
  expect(getConnection(db.reader, tws.id)?.state).toEqual({ kind: 'connected' })
  expect(settleVault({ db, vault, now })).toHaveLength(3)
  for (const { id } of [oauth, grant, flex, tws]) expect(getConnection(db.reader, id)?.state).toEqual({ kind: 'connected' })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accountsOf, getAccount, numberHash } from '../../../electron/core/store/accounts.ts'
import { activityPage } from '../../../electron/core/store/activities.ts'
import {
  getConnection,
  getTrouble,
  insertConnection,
  listConnections,
  removeConnection,
  setConnectionState,
  setConsent,
  setTrouble,
} from '../../../electron/core/store/connections.ts'
import { deleteSecrets, readSecret, writeSecret } from '../../../electron/core/store/secrets.ts'
import {
  deleteIntent,
  deleteToken,
  listIntents,
  putIntent,
  readIntent,
  readToken,
  writeToken,
} from '../../../electron/core/store/tokens.ts'
import { AppError, toErrorView } from '../../../shared/contract/errors.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { AT, tempDatabase } from '../../support/data-folder.ts'
import { adopt, connection, rowsIn, save, withAccounts } from './support.ts'

const ONE = 'con_1' as ConnectionId
const TWO = 'con_2' as ConnectionId
const LATER = Instant.parse('2026-11-21T08:00:00.123456Z')

describe('connections', () => {
  test('come back as they were saved, oldest first', () => {
    const db = tempDatabase()
    const newer = { ...connection('con_0'), createdAt: LATER, consentedAt: null, scopes: [] }
    insertConnection(db.writer, newer)
    insertConnection(db.writer, connection('con_1'))
    const unnamed = { label: '', primary: false }
    expect(listConnections(db.reader)).toEqual([{ ...connection('con_1'), ...unnamed }, { ...newer, ...unnamed }])
    expect(getConnection(db.reader, ONE)).toEqual({ ...connection('con_1'), ...unnamed })
    expect(getConnection(db.reader, TWO)).toBeNull()
  })

  test('change state, consent and trouble without touching each other', () => {
    const db = tempDatabase()
    insertConnection(db.writer, connection('con_1'))
    insertConnection(db.writer, connection('con_2'))
    const trouble = toErrorView(new AppError('broker/rate-limited', { details: { broker: 'Alpaca' }, retryAfterMs: 30_000 }))
    setConnectionState(db.writer, ONE, { kind: 'needs-sign-in', because: 'revoked', since: LATER })
    setTrouble(db.writer, ONE, trouble)
    setConsent(db.writer, ONE, { scopes: ['a', 'b'], at: LATER })
    expect(getConnection(db.reader, ONE)).toMatchObject({
      state: { kind: 'needs-sign-in', because: 'revoked', since: LATER },
      scopes: ['a', 'b'],
      consentedAt: LATER,
    })
    expect(getTrouble(db.reader, ONE)).toEqual(trouble)
    expect(getTrouble(db.reader, TWO)).toBeNull()
    setConnectionState(db.writer, ONE, { kind: 'connected' })
    setTrouble(db.writer, ONE, null)
    expect(getConnection(db.reader, ONE)?.state).toEqual({ kind: 'connected' })
    expect(getTrouble(db.reader, ONE)).toBeNull()
  })

  test('that are removed leave the list and keep their history', () => {
    const db = tempDatabase()
    const accounts = withAccounts(db, { con_1: ['1001'] })
    save(db, fc.sample(rowsIn(accounts), 5))
    const { rows } = activityPage(db.reader, { limit: 10 })
    removeConnection(db.writer, ONE, LATER)
    expect(listConnections(db.reader)).toEqual([])
    expect(getConnection(db.reader, ONE)).toBeNull()
    expect(activityPage(db.reader, { limit: 10 }).rows).toEqual(rows)
  })
})

describe('accounts', () => {
  test('keep their id and history when the same number comes with a new connection', () => {
    const db = tempDatabase()
    const [first] = withAccounts(db, { con_1: ['1001', '1002'] })
    save(db, first ? fc.sample(rowsIn([first]), 5) : [])
    insertConnection(db.writer, connection('con_2'))
    const moved = adopt(db, TWO, ['3003', '1001'])
    expect(moved.map(account => account.id)).toContain(first)
    expect(moved.map(account => [account.brokerKey, account.position])).toEqual([
      ['3003', 0],
      ['1001', 1],
    ])
    expect(accountsOf(db.reader, ONE).map(account => account.brokerKey)).toEqual(['1002'])
    const { rows } = activityPage(db.reader, { limit: 500, connectionId: TWO })
    expect(rows.length).toBeGreaterThan(0)
    expect(activityPage(db.reader, { limit: 500, connectionId: ONE }).rows).toEqual([])
    expect(new Set(rows.map(row => row.connectionId))).toEqual(new Set([TWO]))
  })

  test('are told apart by broker, environment and number, and by nothing that can be guessed from outside', () => {
    const db = tempDatabase()
    const other = tempDatabase()
    const hashes = [
      numberHash(db.reader, 'alpaca', 'paper', '1001'),
      numberHash(db.reader, 'alpaca', 'live', '1001'),
      numberHash(db.reader, 'schwab', 'live', '1001'),
      numberHash(db.reader, 'alpaca', 'paper', '1002'),
      numberHash(other.reader, 'alpaca', 'paper', '1001'),
    ]
    expect(new Set(hashes).size).toBe(hashes.length)
    expect(numberHash(db.reader, 'alpaca', 'paper', '1001')).toBe(hashes[0])
    expect(hashes.every(hash => /^[0-9a-f]{64}$/.test(hash))).toBe(true)
  })

  test('have ids the contract accepts and show no number', () => {
    const db = tempDatabase()
    const [id] = withAccounts(db, { con_1: ['98765432'] })
    expect(id).toMatch(/^acc_[0-9a-f]{24}$/)
    expect(id && getAccount(db.reader, id)).toMatchObject({ maskedNumber: '••••5432', name: 'Account 98765432', connectionId: ONE })
    expect(adopt(db, ONE, ['98765432']).map(account => account.id)).toEqual([id])
  })
})

describe('tokens and secrets', () => {
  const life = { obtainedAt: AT, expiresAt: LATER, signInBy: null, refreshable: true }

  test('are replaced as a whole and forgotten without a trace', () => {
    const db = tempDatabase()
    insertConnection(db.writer, connection('con_1'))
    expect(readToken(db.reader, ONE)).toBeNull()
    writeToken(db.writer, ONE, { generation: 1, life })
    writeToken(db.writer, ONE, { generation: 2, life: { ...life, expiresAt: null, signInBy: LATER, refreshable: false } })
    expect(readToken(db.reader, ONE)).toEqual({ generation: 2, life: { ...life, expiresAt: null, signInBy: LATER, refreshable: false } })
    deleteToken(db.writer, ONE)
    expect(readToken(db.reader, ONE)).toBeNull()
  })

  test('belong to a connection that exists', () => {
    const db = tempDatabase()
    expect(() => writeToken(db.writer, ONE, { generation: 1, life })).toThrow('FOREIGN KEY')
  })

  test('remember a refresh under way until it is over', () => {
    const db = tempDatabase()
    insertConnection(db.writer, connection('con_1'))
    const intent = { connectionId: ONE, generation: 4, startedAt: LATER, attempts: 1 }
    putIntent(db.writer, intent)
    putIntent(db.writer, { ...intent, attempts: 2 })
    expect(readIntent(db.reader, ONE)).toEqual({ ...intent, attempts: 2 })
    expect(listIntents(db.reader)).toEqual([{ ...intent, attempts: 2 }])
    deleteIntent(db.writer, ONE)
    expect(readIntent(db.reader, ONE)).toBeNull()
  })

  test('keep one sealed value for each owner and field', () => {
    const db = tempDatabase()
    db.raw.exec(`INSERT INTO data_keys (key_id, check_value, protection, backend, created_at) VALUES ('k', x'00', 'memory', 'm', 0)`)
    const sealed = (byte: number) => ({
      keyId: 'k',
      iv: Buffer.alloc(12, byte),
      tag: Buffer.alloc(16, byte),
      ciphertext: Buffer.alloc(5, byte),
    })
    writeSecret(db.writer, { owner: 'con_1', field: 'access', version: 1 }, sealed(1))
    writeSecret(db.writer, { owner: 'con_1', field: 'access', version: 2 }, sealed(2))
    writeSecret(db.writer, { owner: 'app:alpaca', field: 'client-id', version: 1 }, sealed(3))
    expect(readSecret(db.reader, 'con_1', 'access')).toEqual({ version: 2, sealed: sealed(2) })
    deleteSecrets(db.writer, 'con_1')
    expect(readSecret(db.reader, 'con_1', 'access')).toBeNull()
    expect(readSecret(db.reader, 'app:alpaca', 'client-id')).toEqual({ version: 1, sealed: sealed(3) })
  })
})

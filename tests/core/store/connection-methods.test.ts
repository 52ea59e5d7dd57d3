import { describe, expect, test } from 'vitest'
import { deleteMethod, methodsOf, putMethod, setMethodSettings, setMethodTrouble } from '../../../electron/core/store/connection-methods.ts'
import { insertConnection, listConnections, removeConnection, setPrimary } from '../../../electron/core/store/connections.ts'
import { AppError, toErrorView } from '../../../shared/contract/errors.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { AT, tempDatabase } from '../../support/data-folder.ts'
import { connection } from './support.ts'

const ONE = 'con_1' as ConnectionId
const LATER = Instant.parse('2027-03-31T04:00:00Z')
const trouble = toErrorView(new AppError('auth/token-expired', { details: { broker: 'IBKR' } }))

describe('the ways in of a connection', () => {
  test('begin with its own method and come in the order they were added', () => {
    const db = tempDatabase()
    insertConnection(db.writer, connection(ONE))
    putMethod(db.writer, ONE, { method: 'flex', settings: { 'query-id': '7' }, addedAt: LATER, expiresAt: LATER })
    expect(methodsOf(db.reader, ONE)).toEqual([
      { method: 'oauth', settings: {}, addedAt: AT, trouble: null, expiresAt: null },
      { method: 'flex', settings: { 'query-id': '7' }, addedAt: LATER, trouble: null, expiresAt: LATER },
    ])
  })

  test('keep their trouble until it passes or they are put in anew', () => {
    const db = tempDatabase()
    insertConnection(db.writer, connection(ONE))
    setMethodTrouble(db.writer, ONE, 'oauth', trouble)
    setMethodSettings(db.writer, ONE, 'oauth', { certificate: 'pem' })
    expect(methodsOf(db.reader, ONE)).toMatchObject([{ trouble, settings: { certificate: 'pem' } }])
    putMethod(db.writer, ONE, { method: 'oauth', settings: {}, addedAt: LATER, expiresAt: null })
    expect(methodsOf(db.reader, ONE)).toEqual([{ method: 'oauth', settings: {}, addedAt: AT, trouble: null, expiresAt: null }])
    deleteMethod(db.writer, ONE, 'oauth')
    expect(methodsOf(db.reader, ONE)).toEqual([])
  })
})

test('one connection at most is the primary one, and none after it was removed', () => {
  const db = tempDatabase()
  for (const id of ['con_1', 'con_2', 'con_3']) insertConnection(db.writer, connection(id))
  setPrimary(db.writer, 'con_3' as ConnectionId)
  setPrimary(db.writer, 'con_2' as ConnectionId)
  expect(listConnections(db.reader).map(({ id, primary }) => [id, primary])).toEqual([
    ['con_2', true],
    ['con_1', false],
    ['con_3', false],
  ])
  removeConnection(db.writer, 'con_2' as ConnectionId, AT)
  expect(listConnections(db.reader).map(({ primary }) => primary)).toEqual([false, false])
})

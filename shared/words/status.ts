import type { ConnectionView } from '../contract/schemas.ts'
import { wasGivenUp } from '../domain/given-up.ts'
import type { Instant } from '../domain/time.ts'
import { needsUser, standingOf } from './standing.ts'
import type { Tone } from './token.ts'

export interface ConnectionStatus {
  readonly kind: 'connected' | 'disconnected' | 'error' | 'locked' | 'files'
  readonly word: string
  readonly tone: Tone
}

const CONNECTED: ConnectionStatus = { kind: 'connected', word: 'Connected', tone: 'good' }
const DISCONNECTED: ConnectionStatus = { kind: 'disconnected', word: 'Disconnected', tone: 'bad' }
const ERROR: ConnectionStatus = { kind: 'error', word: 'Error', tone: 'warn' }
const LOCKED: ConnectionStatus = { kind: 'locked', word: 'Locked', tone: 'warn' }
const FILES: ConnectionStatus = { kind: 'files', word: 'From files', tone: 'neutral' }

type Facts = Pick<ConnectionView, 'method' | 'methods' | 'state' | 'token' | 'trouble' | 'health' | 'lastSync' | 'syncing'>

/**
 * How a connection stands: disconnected only when a sign-in is needed, locked while its vault is, an error while something passing is in
 * the way or no way in works.
 * A sync under way, or one that was only given up, is no error. Follows the clock, not the last read.
 */
export function connectionStatus(connection: Facts, now: Instant): ConnectionStatus {
  if (connection.method === 'file') return FILES
  const standing = standingOf(connection, now)
  if (needsUser(standing)) return DISCONNECTED
  if (standing.kind === 'locked') return LOCKED
  const stuck = connection.methods.length > 0 && connection.methods.every(({ trouble }) => trouble !== null)
  const unsure = standing.kind === 'ambiguous' || (standing.kind === 'transient' && standing.severity !== 'notice')
  return stuck || unsure || connection.trouble !== null || failedLast(connection) ? ERROR : CONNECTED
}

function failedLast({ lastSync, syncing }: Facts): boolean {
  return !syncing && lastSync?.result === 'failed' && !wasGivenUp(lastSync.error?.code)
}

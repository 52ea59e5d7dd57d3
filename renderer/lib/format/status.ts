import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { tokenBadge } from '../../../shared/domain/connection.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Tone } from './token.ts'

export interface ConnectionStatus {
  readonly kind: 'connected' | 'disconnected' | 'error' | 'files'
  readonly word: string
  readonly tone: Tone
}

const CONNECTED: ConnectionStatus = { kind: 'connected', word: 'Connected', tone: 'good' }
const DISCONNECTED: ConnectionStatus = { kind: 'disconnected', word: 'Disconnected', tone: 'bad' }
const ERROR: ConnectionStatus = { kind: 'error', word: 'Error', tone: 'warn' }
const FILES: ConnectionStatus = { kind: 'files', word: 'From files', tone: 'neutral' }

type Facts = Pick<ConnectionView, 'method' | 'methods' | 'state' | 'token' | 'trouble' | 'lastSync' | 'syncing'>

/**
 * How a connection stands: disconnected only when a sign-in is needed, an error while something passing is in the way or no way in works.
 * A sync under way, or one that was only given up, is no error. Follows the clock, not the last read.
 */
export function connectionStatus(connection: Facts, now: Instant): ConnectionStatus {
  if (connection.method === 'file') return FILES
  if (tokenBadge(connection.token, connection.state, now) === 'expired') return DISCONNECTED
  const stuck = connection.methods.length > 0 && connection.methods.every(({ trouble }) => trouble !== null)
  return stuck || connection.trouble !== null || failedLast(connection) ? ERROR : CONNECTED
}

function failedLast({ lastSync, syncing }: Facts): boolean {
  return !syncing && lastSync?.result === 'failed' && lastSync.error?.code !== 'app/canceled'
}

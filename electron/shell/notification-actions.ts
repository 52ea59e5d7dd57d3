import type { ErrorView } from '../../shared/contract/errors.ts'
import type { SyncResult } from '../../shared/contract/schemas.ts'
import type { Screen } from '../../shared/contract/screens.ts'
import type { ShownNotice } from '../core/ports.ts'
import type { Ask } from './ask.ts'

/** How what a button started came out, and the screen that shows it. `ids` names the notices it is still about. */
export interface Outcome {
  readonly ids: readonly string[]
  readonly title: string
  readonly body: string
  readonly screen: Screen
}

const OVERVIEW: Screen = { page: 'overview' }
const LOCKED = { title: 'Keelson is locked', body: 'Unlock it to see how it went.' }

/** Where a click on a notification leads: to what helps, or to the list when several were said together. */
export function screenOf({ action }: Pick<ShownNotice, 'action'>): Screen {
  if (action === null) return { page: 'overview', act: 'notices' }
  const connectionId = action.connectionId ?? undefined
  const about = connectionId === undefined ? {} : { connectionId }
  switch (action.kind) {
    case 'reconnect':
      return connectionId === undefined ? OVERVIEW : { ...OVERVIEW, ...about, act: 'reconnect' }
    case 'sync':
    case 'open-overview':
      return { ...OVERVIEW, ...about }
    case 'unlock':
      return OVERVIEW
    case 'open-health':
      return { page: 'health' }
    case 'open-orders':
      return { page: 'orders' }
  }
}

/** These do no more than a click. */
const OPENING: ReadonlySet<string> = new Set(['open-health', 'open-overview', 'open-orders'])

/** The words on its button; null where a button would do no more than a click. */
export function buttonOf({ action }: Pick<ShownNotice, 'action'>): string | null {
  return action === null || OPENING.has(action.kind) ? null : action.label
}

/** What its button does without a window; null where a person is needed. Answers what to say of it, or null for nothing. Never rejects. */
export function workOf({ ids, action }: Pick<ShownNotice, 'ids' | 'action'>, ask: Ask): (() => Promise<Outcome | null>) | null {
  if (action?.kind === 'unlock') return async () => quietly(await unlock(ids, ask), ask)
  const connectionId = action?.connectionId ?? null
  if (action?.kind !== 'sync' || connectionId === null) return null
  return async () => {
    const answer = await ask('sync.run', { connectionId })
    const said = answer.ok ? synced(ids, answer.data) : failed(ids, 'Not synced', answer.error)
    return said && quietly(said, ask)
  }
}

function synced(ids: readonly string[], { result, connectionId, error }: SyncResult): Outcome | null {
  const screen: Screen = { page: 'overview', connectionId }
  switch (result) {
    case 'success':
      return { ids: [], title: 'Synced', body: 'Everything asked for came back.', screen }
    case 'partial':
      return {
        ids,
        title: 'Synced in part',
        body: error ? sentences(error) : 'Something is still missing. The card of the broker says what.',
        screen,
      }
    case 'failed':
      return { ids, title: 'Not synced', body: error ? sentences(error) : 'Nothing came back. The card of the broker says why.', screen }
    case 'canceled':
      return null
  }
}

async function unlock(ids: readonly string[], ask: Ask): Promise<Outcome> {
  const answer = await ask('vault.unlock', {})
  if (!answer.ok) return failed(ids, 'Still locked', answer.error)
  const { state, notice } = answer.data
  return state === 'open'
    ? { ids: [], title: 'The vault is open', body: 'Keelson syncs again.', screen: OVERVIEW }
    : { ids, title: 'Still locked', body: notice ?? 'Open Keelson to see why.', screen: OVERVIEW }
}

function failed(ids: readonly string[], title: string, error: ErrorView): Outcome {
  return { ids, title, body: sentences(error), screen: OVERVIEW }
}

const sentences = ({ message, action }: Pick<ErrorView, 'message' | 'action'>): string => `${message} ${action}`

/** What began before the app lock closed is not told after it: a sentence may name a broker. */
async function quietly(outcome: Outcome, ask: Ask): Promise<Outcome> {
  const lock = await ask('lock.status', {})
  return lock.ok && !lock.data.locked ? outcome : { ...outcome, ...LOCKED }
}

import { create } from 'zustand'
import { MOST_FILE_CHARACTERS } from '../../shared/contract/imports.ts'
import type { ErrorView } from '../../shared/contract/errors.ts'
import type { OutputOf, RequestOf } from '../../shared/contract/routes.ts'
import type { ConnectionView } from '../../shared/contract/schemas.ts'
import type { BrokerId } from '../../shared/domain/broker.ts'
import { errorViewOf, isCanceled } from '../bridge/index.ts'
import { api } from './api.ts'
import { refreshConnections } from './connections.ts'
import { createLoader, idle, type Remote } from './remote.ts'
import { go } from './route.ts'

export type Preview = OutputOf<'imports.preview'>
export type PreviewRow = Preview['rows'][number]
export type Verdict = PreviewRow['verdict']
export type ImportLine = OutputOf<'imports.list'>[number]
export type ImportResult = OutputOf<'imports.commit'>
type PreviewRequest = RequestOf<'imports.preview'>

/** What the user has chosen to import and where it goes. */
export interface Draft {
  readonly file: { readonly name: string; readonly text: string; readonly bytes: number } | null
  readonly broker: BrokerId | null
  /** An account's id, or `new`. */
  readonly account: string
  readonly name: string
  readonly number: string
  readonly currency: string
}

export type Stage =
  | { readonly kind: 'choosing'; readonly error: ErrorView | null }
  | { readonly kind: 'reading' }
  | { readonly kind: 'preview'; readonly preview: Preview; readonly saving: boolean; readonly error: ErrorView | null }
  | { readonly kind: 'done'; readonly result: ImportResult }

interface ImportsState {
  readonly draft: Draft
  readonly stage: Stage
  readonly list: Remote<ImportLine[]>
}

const EMPTY: Draft = { file: null, broker: null, account: 'new', name: '', number: '', currency: 'USD' }

/** Importing a file: what is chosen, what it would do, what was imported before. */
export const useImports = create<ImportsState>()(() => ({ draft: EMPTY, stage: { kind: 'choosing', error: null }, list: idle }))

const get = useImports.getState
const setStage = (stage: Stage) => useImports.setState({ stage })

export const refreshImports = createLoader<ImportsState, ImportLine[]>(
  useImports,
  { get: state => state.list, put: list => ({ list }) },
  () => api().request('imports.list', {}),
)

/** Accounts a file of this broker may belong to: live ones, of any connection. */
export function accountsFor(connections: readonly ConnectionView[], broker: BrokerId | null) {
  return connections
    .filter(connection => connection.broker === broker && connection.environment === 'live')
    .flatMap(connection => connection.accounts.map(account => ({ connection, account })))
}

/** Changes what is chosen. Another broker takes the chosen account away, and another file what went wrong with the last. */
export function choose(change: Partial<Draft>): void {
  useImports.setState(({ draft, stage }) => ({
    draft: { ...draft, ...(change.broker !== undefined && change.broker !== draft.broker ? { account: 'new' } : {}), ...change },
    stage: stage.kind === 'choosing' ? { kind: 'choosing', error: null } : stage,
  }))
}

/** Brings the user to the import with a broker already chosen; what is being looked at stays. */
export function openImport(broker: BrokerId): void {
  if (get().stage.kind === 'choosing') choose({ broker })
  go('import')
}

/** The first thing that keeps a file from being read: where to enter it, and what to do. */
export interface Lack {
  readonly field: 'file' | 'broker' | 'name' | 'number' | 'currency'
  readonly words: string
}

const lack = (field: Lack['field'], words: string): Lack => ({ field, words })

/** What is still missing before the file can be read; null when nothing is. */
export function missing({ file, broker, account, name, number, currency }: Draft): Lack | null {
  if (file === null) return lack('file', 'Choose a file.')
  if (file.text.trim() === '') return lack('file', 'This file is empty. Choose another.')
  if (file.text.length > MOST_FILE_CHARACTERS) return lack('file', 'This file is too large. Export a shorter stretch of time.')
  if (broker === null) return lack('broker', 'Choose the broker it came from.')
  if (account !== 'new') return null
  if (name.trim() === '') return lack('name', 'Give the new account a name.')
  if (!/[0-9A-Za-z]/.test(number) || number.trim().length < 2) return lack('number', 'Give the number of the new account.')
  return /^[A-Z]{3}$/.test(currency) ? null : lack('currency', 'Give the currency as three letters, such as USD.')
}

function requestOf({ file, broker, account, name, number, currency }: Draft): PreviewRequest | null {
  if (file === null || broker === null) return null
  const into =
    account === 'new'
      ? { kind: 'new' as const, name: name.trim(), number: number.trim(), currency }
      : { kind: 'existing' as const, accountId: account }
  return { fileName: file.name, text: file.text, broker, environment: 'live', account: into }
}

let reading: AbortController | undefined

/** Reads the chosen file and shows what importing it would do. Nothing is imported. */
export async function readPreview(): Promise<void> {
  const request = missing(get().draft) === null ? requestOf(get().draft) : null
  if (!request) return
  reading?.abort()
  const mine = new AbortController()
  reading = mine
  setStage({ kind: 'reading' })
  try {
    const preview = await api().request('imports.preview', request, { signal: mine.signal })
    if (reading === mine) setStage({ kind: 'preview', preview, saving: false, error: null })
  } catch (error) {
    if (reading === mine && !isCanceled(error)) setStage({ kind: 'choosing', error: errorViewOf(error) })
  }
}

/** Back to what is chosen; a preview is dropped. */
export function backToChoosing(): void {
  reading?.abort()
  setStage({ kind: 'choosing', error: null })
}

/** Begins anew with another file for the same account. */
export function startOver(): void {
  useImports.setState(({ draft }) => ({ draft: { ...draft, file: null }, stage: { kind: 'choosing', error: null } }))
}

/** What is imported beside the new rows, and whether the file's naming another account is accepted. */
export type Decided = Pick<RequestOf<'imports.commit'>, 'include' | 'addConflicts' | 'acceptOtherAccount'>

/** Imports the rows of the preview on screen. */
export async function commitPreview(decided: Decided): Promise<void> {
  const { stage } = get()
  if (stage.kind !== 'preview' || stage.saving) return
  const { preview } = stage
  setStage({ kind: 'preview', preview, saving: true, error: null })
  try {
    const result = await api().request('imports.commit', { previewId: preview.previewId, ...decided })
    setStage({ kind: 'done', result })
    await Promise.all([refreshImports(), refreshConnections()])
  } catch (error) {
    setStage({ kind: 'preview', preview, saving: false, error: errorViewOf(error) })
  }
}

/** Takes a whole import back. Rejects with BridgeError. */
export async function undoImport(importId: string): Promise<OutputOf<'imports.undo'>> {
  const answer = await api().request('imports.undo', { importId })
  const { stage } = get()
  if (stage.kind === 'done' && stage.result.importId === importId) startOver()
  await Promise.all([refreshImports(), refreshConnections()])
  return answer
}

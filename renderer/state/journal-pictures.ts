import { create } from 'zustand'
import type { JournalEntry } from '../../shared/contract/journal.ts'
import { errorViewOf } from '../bridge/error.ts'
import { api } from './api.ts'
import { now } from './clock.ts'
import { failed, idle, type Remote, succeeded } from './remote.ts'

interface PicturesState {
  /** Pictures as data: addresses, by id. */
  readonly pictures: Readonly<Record<string, Remote<string>>>
  /** The one that is shown large. */
  readonly large: PictureView | null
  /** The one that is taken out of its entry, if the user says so. */
  readonly removing: PictureView | null
}

export type PictureView = JournalEntry['attachments'][number]

/** The pictures that are on screen. */
export const useJournalPictures = create<PicturesState>()(() => ({ pictures: {}, large: null, removing: null }))

function put(id: string, picture: Remote<string>): void {
  useJournalPictures.setState(({ pictures }) => ({ pictures: { ...pictures, [id]: picture } }))
}

/** Reads a picture, once while it is shown. */
export async function readPicture(id: string): Promise<void> {
  const known = useJournalPictures.getState().pictures[id]
  if (known?.status === 'loading' || known?.status === 'ready') return
  put(id, { status: 'loading' })
  try {
    const { type, base64 } = await api().request('journal.picture', { attachmentId: id })
    // Forgotten meanwhile: a locked window keeps nothing.
    if (useJournalPictures.getState().pictures[id]) put(id, succeeded(`data:${type};base64,${base64}`, now()))
  } catch (error) {
    if (useJournalPictures.getState().pictures[id]) put(id, failed(idle, errorViewOf(error)))
  }
}

export function showLarge(large: PictureView | null): void {
  useJournalPictures.setState({ large })
}

export function askToRemove(removing: PictureView | null): void {
  useJournalPictures.setState({ removing })
}

/** Forgets a picture that is no longer shown: a few of them are many megabytes. */
export function dropPicture(id: string): void {
  useJournalPictures.setState(({ pictures: { [id]: _gone, ...pictures } }) => ({ pictures }))
}

import { create } from 'zustand'
import { AppError, type ErrorView, toErrorView } from '../../shared/contract/errors.ts'
import type { JournalEntry, JournalSubject } from '../../shared/contract/journal.ts'
import type { RequestOf } from '../../shared/contract/routes.ts'
import { isTradingDay, sessionOf } from '../../shared/domain/market-calendar.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, toLocalDate } from '../../shared/domain/time.ts'
import { errorViewOf } from '../bridge/error.ts'
import { readTags, tagProblem } from '../lib/tags.ts'
import { api } from './api.ts'
import { now } from './clock.ts'
import { currentEnvironment } from './environment.ts'
import { noteJournalChanged, openEntry } from './journal.ts'
import { go } from './route.ts'

export interface EntryFields {
  /** Empty while the day is being typed. */
  readonly day: string
  readonly title: string
  readonly text: string
  /** As typed, with commas between. */
  readonly tags: string
  readonly rating: number | null
}

export interface Editor {
  /** What is saved already; null for an entry nobody has saved. */
  readonly entry: JournalEntry | null
  readonly subject: JournalSubject
  readonly symbol: string | null
  readonly fields: EntryFields
  /** The fields as they were saved last, or as the editor was opened with. */
  readonly saved: EntryFields
  readonly busy: boolean
  readonly problem: ErrorView | null
}

interface EditorState {
  readonly editor: Editor | null
}

/** The entry that is being written. */
export const useJournalEditor = create<EditorState>()(() => ({ editor: null }))

const get = (): Editor | null => useJournalEditor.getState().editor
const set = (editor: Editor | null): void => useJournalEditor.setState({ editor })
const patch = (change: Partial<Editor>): void => {
  const editor = get()
  if (editor) set({ ...editor, ...change })
}

export interface EntryStart {
  readonly day?: LocalDate
  readonly subject?: JournalSubject
  readonly symbol?: string | null
  readonly title?: string
  readonly text?: string
}

/** Opens an empty entry, of today unless another day is named. */
export function startEntry({ day = today(), subject = { kind: 'day' }, symbol = null, title = '', text = '' }: EntryStart = {}): void {
  const fields = { day, title, text, tags: '', rating: null }
  set({ entry: null, subject, symbol, fields, saved: fields, busy: false, problem: null })
}

/** Goes to the journal with an empty entry about something, such as a trade. */
export function writeAbout(start: EntryStart): void {
  startEntry(start)
  go('journal')
}

/** Opens an entry to be changed. */
export function editEntry(entry: JournalEntry): void {
  const fields = fieldsOf(entry)
  set({ entry, subject: entry.subject, symbol: entry.symbol, fields, saved: fields, busy: false, problem: null })
}

export function changeFields(change: Partial<EntryFields>): void {
  const editor = get()
  if (editor) set({ ...editor, fields: { ...editor.fields, ...change } })
}

/** Whether there is something that is not saved. */
export function isUnsaved({ fields, saved }: Editor): boolean {
  return (
    fields.day !== saved.day ||
    fields.title !== saved.title ||
    fields.text !== saved.text ||
    fields.tags !== saved.tags ||
    fields.rating !== saved.rating
  )
}

/** Leaves the editor; what is not saved is lost. */
export function closeEditor(): void {
  set(null)
}

/** The day to look back on: today once its market has opened, else the trading day before. */
export function reviewDay(at: Instant): LocalDate {
  let day = toLocalDate(at, EXCHANGE_ZONE)
  const session = sessionOf(day)
  if (session && !Instant.isBefore(at, session.open)) return day
  do day = LocalDate.plusDays(day, -1)
  while (!isTradingDay(day))
  return day
}

/** Opens the end-of-day draft of a day: words and figures that nobody has saved. Rejects with BridgeError. */
export async function startReview(day: LocalDate = reviewDay(now())): Promise<void> {
  const environment = currentEnvironment()
  const draft = await api().request('journal.draft', environment === undefined ? { day } : { day, environment })
  startEntry({ day: draft.day, title: draft.title, text: draft.text })
}

/** Settles with the save that is on its way. */
let saving: Promise<unknown> = Promise.resolve()

/** Saves what was written, as finished or as a draft; answers the entry, null when it was not saved: the editor says why. */
export function saveEntry(isDraft: boolean): Promise<JournalEntry | null> {
  const editor = get()
  if (!editor || editor.busy) return Promise.resolve(null)
  const saved = save(editor, isDraft)
  saving = saved
  return saved
}

async function save(editor: Editor, isDraft: boolean): Promise<JournalEntry | null> {
  const { fields, subject, entry } = editor
  const { day } = fields
  if (!LocalDate.is(day)) return null
  patch({ busy: true, problem: null })
  try {
    const input: RequestOf<'journal.add'> = {
      day,
      subject,
      title: fields.title,
      text: fields.text,
      tags: readTags(fields.tags),
      rating: fields.rating,
      isDraft,
    }
    const next = await (entry === null
      ? api().request('journal.add', input)
      : api().request('journal.change', { ...input, id: entry.id, updatedAt: entry.updatedAt }))
    // What was typed meanwhile is not saved yet.
    if (isStill(editor)) patch({ entry: next, saved: fields, busy: false })
    void noteJournalChanged()
    return next
  } catch (error) {
    if (isStill(editor)) patch({ busy: false, problem: errorViewOf(error) })
    return null
  }
}

/** Saves as finished and shows it, unless a tag cannot be kept, after a draft that is being saved just then. */
export async function finishEntry(): Promise<void> {
  await saving
  if (tagProblem(get()?.fields.tags ?? '') !== undefined) return
  const saved = await saveEntry(false)
  const editor = get()
  if (!saved || !editor || editor.entry?.id !== saved.id || isUnsaved(editor)) return
  closeEditor()
  openEntry(saved)
}

/** Keeps pictures with the entry, which is saved as a draft first when it is new. */
export async function attachPictures(files: readonly { readonly name: string; readonly read: () => Promise<string> }[]): Promise<void> {
  for (const { name, read } of files) {
    const id = get()?.entry?.id ?? (await saveEntry(true))?.id
    const editor = get()
    if (id === undefined || !editor) return
    patch({ busy: true, problem: null })
    try {
      const entry = await api().request('journal.attach', { id, name: name.trim().slice(0, 200) || 'picture', base64: await read() })
      if (get()?.entry?.id === id) patch({ entry, busy: false })
    } catch (error) {
      if (get()?.entry?.id === id) patch({ busy: false, problem: errorViewOf(error) })
    }
  }
  await noteJournalChanged()
}

/** Takes a picture out of the entry that is being written. */
export async function detachPicture(attachmentId: string): Promise<void> {
  const entry = get()?.entry
  if (!entry) return
  try {
    await api().request('journal.detach', { attachmentId })
    patch({ entry: { ...entry, attachments: entry.attachments.filter(({ id }) => id !== attachmentId) } })
    await noteJournalChanged()
  } catch (error) {
    patch({ problem: errorViewOf(error) })
  }
}

/** Says in the editor why a picture was not even sent. */
export function refusePicture(reason: string): void {
  patch({ problem: toErrorView(new AppError('journal/picture-unusable', { details: { reason } })) })
}

function isStill(editor: Editor): boolean {
  const current = get()
  return current !== null && current.busy && (current.entry?.id ?? null) === (editor.entry?.id ?? null)
}

function fieldsOf({ day, title, text, tags, rating }: JournalEntry): EntryFields {
  return { day, title, text, tags: tags.join(', '), rating }
}

function today(): LocalDate {
  return toLocalDate(now(), EXCHANGE_ZONE)
}

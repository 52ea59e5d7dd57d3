import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef } from 'react'
import { LocalDate } from '../../../shared/domain/time.ts'
import { MAIN_KEY } from '../../lib/keys.ts'
import { instrumentLine } from '../../lib/format/index.ts'
import { useJournal } from '../../state/journal.ts'
import {
  changeFields,
  type Editor,
  type EntryFields,
  detachPicture,
  finishEntry,
  isUnsaved,
  saveEntry,
  useJournalEditor,
} from '../../state/journal-editor.ts'
import { dataOf } from '../../state/remote.ts'
import { readTags, tagProblem, withTag } from '../../lib/tags.ts'
import { Button } from '../../ui/Button.tsx'
import { DayField } from '../../ui/fields.tsx'
import { Keys } from '../../ui/Keys.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { AddPictures, takePictures } from './AddPictures.tsx'
import { Pictures } from './Pictures.tsx'
import { RatingField } from './Rating.tsx'

const SAVE_MS = 2000
const MOST_SUGGESTED = 6

/** Writes an entry: pictures are pasted anywhere in it, Ctrl+Enter saves, Escape leaves. A new one is kept as a draft meanwhile. */
export function EntryEditor({ onLeave }: { readonly onLeave: () => void }) {
  const editor = useJournalEditor(state => state.editor)
  useKeptDraft(editor)
  if (!editor) return null
  const { fields, entry, problem, symbol } = editor
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      void finishEntry()
    }
    // A drawer, and a picture shown large over it, hear Escape by themselves.
    const inside = event.target instanceof Node && event.currentTarget.contains(event.target)
    if (event.key === 'Escape' && inside && event.currentTarget.closest('[role="dialog"]') === null) {
      event.stopPropagation()
      onLeave()
    }
  }
  function onPaste(event: ClipboardEvent) {
    const files = [...event.clipboardData.files]
    if (files.length === 0) return
    event.preventDefault()
    void takePictures(files)
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the keys and the paste of every field inside
    <div className="stack-l entry-editor" onKeyDown={onKeyDown} onPaste={onPaste}>
      {problem ? <ErrorNote error={problem} /> : null}
      {symbol ? (
        <p className="sub">
          About <span className="sym">{instrumentLine(symbol)}</span>
        </p>
      ) : null}
      <WordFields fields={fields} />
      <TagsField tags={fields.tags} />
      <div className="row wrap entry-facts">
        <DayField
          id="entry-day"
          label="Day"
          value={fields.day}
          problem={LocalDate.is(fields.day) ? undefined : 'Enter a day.'}
          onChange={day => changeFields({ day })}
        />
        <RatingField value={fields.rating} onChange={rating => changeFields({ rating })} />
      </div>
      <Pictures attachments={entry?.attachments ?? []} onRemove={id => void detachPicture(id)} />
      <div className="entry-foot">
        <Button variant="primary" busy={editor.busy} disabled={!LocalDate.is(fields.day) || tagProblem(fields.tags) !== undefined} onClick={() => void finishEntry()}>
          Save
        </Button>
        <AddPictures />
        <span className="grow" />
        <output className="stamp">{standing(editor)}</output>
        <span className="stamp wide-only">
          <Keys keys={[MAIN_KEY, 'Enter']} />
        </span>
      </div>
    </div>
  )
}

/** Title, which has the focus at first, and text. */
function WordFields({ fields }: { readonly fields: EntryFields }) {
  const title = useRef<HTMLInputElement>(null)
  useEffect(() => title.current?.focus(), [])
  return (
    <>
      <div className="field">
        <label htmlFor="entry-title">Title</label>
        <input
          id="entry-title"
          ref={title}
          className="input"
          maxLength={200}
          value={fields.title}
          autoComplete="off"
          data-autofocus
          onChange={event => changeFields({ title: event.currentTarget.value })}
        />
      </div>
      <div className="field">
        <label htmlFor="entry-text">Text</label>
        <textarea
          id="entry-text"
          className="input entry-area"
          maxLength={50_000}
          value={fields.text}
          placeholder="Why, what happened, what next. Paste charts here."
          onChange={event => changeFields({ text: event.currentTarget.value })}
        />
      </div>
    </>
  )
}

function standing(editor: Editor): string {
  if (isUnsaved(editor)) return 'Not saved yet'
  if (editor.entry === null) return ''
  return editor.entry.isDraft ? 'Kept as a draft' : 'Saved'
}

/** Keeps what is written of a new entry, or a draft, after a pause: nothing of it is lost when the window is closed or locked. */
function useKeptDraft(editor: Editor | null) {
  const isDraft = editor !== null && editor.entry?.isDraft !== false
  const due =
    isDraft && !editor.busy && editor.problem === null && isUnsaved(editor) && (editor.fields.title + editor.fields.text).trim() !== ''
  const fields = editor?.fields
  useEffect(() => {
    if (!due) return
    const timer = setTimeout(() => void saveEntry(true), SAVE_MS)
    return () => clearTimeout(timer)
  }, [due, fields])
}

function TagsField({ tags }: { readonly tags: string }) {
  const known = useJournal(state => dataOf(state.tags)) ?? []
  const chosen = new Set(readTags(tags).map(tag => tag.toLowerCase()))
  const problem = tagProblem(tags)
  const suggested = known.filter(({ tag }) => !chosen.has(tag.toLowerCase())).slice(0, MOST_SUGGESTED)
  return (
    <div className="field">
      <label htmlFor="entry-tags">Tags</label>
      <input
        id="entry-tags"
        className="input"
        value={tags}
        placeholder="breakout, patience"
        autoComplete="off"
        aria-invalid={problem !== undefined}
        aria-describedby="entry-tags-hint"
        onChange={event => changeFields({ tags: event.currentTarget.value })}
      />
      <span className={problem ? 'hint bad' : 'hidden-text'} id="entry-tags-hint" role={problem ? 'alert' : undefined}>
        {problem ?? 'Separate tags with commas.'}
      </span>
      {suggested.length > 0 ? (
        <div className="row wrap tag-row">
          {suggested.map(({ tag }) => (
            <button
              type="button"
              className="chip"
              key={tag}
              aria-label={`Add the tag ${tag}`}
              onClick={() => changeFields({ tags: withTag(tags, tag) })}
            >
              <span className="clip">{tag}</span>
            </button>
          ))}
        </div>
      ) : null}
    </div>
  )
}

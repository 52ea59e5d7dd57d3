import { useMediaQuery } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import type { JournalEntry } from '../../../shared/contract/journal.ts'
import { afterKey } from '../../lib/after-key.ts'
import { formatDate } from '../../lib/format/index.ts'
import { closeEntry, useJournal } from '../../state/journal.ts'
import { closeEditor, isUnsaved, saveEntry, useJournalEditor } from '../../state/journal-editor.ts'
import { useJournalPictures } from '../../state/journal-pictures.ts'
import { dataOf } from '../../state/remote.ts'
import { IconButton } from '../../ui/Button.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { Drawer } from '../../ui/Dialog.tsx'
import { EntryEditor } from './EntryEditor.tsx'
import { LIST_ID } from './EntryList.tsx'
import { EntryReader } from './EntryReader.tsx'

const BESIDE = '(min-width: 1120px)'

/** The open entry, to be read or written: beside the list where there is room, else in a drawer over it. */
export function EntryPane() {
  const beside = useMediaQuery(BESIDE, true, { getInitialValueInEffect: false })
  const editor = useJournalEditor(state => state.editor)
  const entry = useOpenEntry()
  const [asking, setAsking] = useState(false)
  useEffect(() => closeEntry, [])
  const open = editor !== null || entry !== null
  const title = editor
    ? editor.entry === null
      ? 'New entry'
      : editor.entry.isDraft
        ? 'Draft'
        : 'Change the entry'
    : entry
      ? formatDate(entry.day)
      : 'Entry'

  const isCovered = useJournalPictures(({ large, removing }) => large !== null || removing !== null) || asking

  function leave() {
    if (isCovered) return
    const current = useJournalEditor.getState().editor
    if (!current) return closed(closeEntry)
    if (!isUnsaved(current)) return closed(closeEditor)
    // What is finished is not changed behind the user's back; anything else is kept as a draft.
    if (current.entry?.isDraft === false) return afterKey(() => setAsking(true))
    void saveEntry(true).then(saved => (saved ? closed(closeEditor) : setAsking(true)))
  }
  const body = editor ? <EntryEditor onLeave={leave} /> : entry ? <EntryReader entry={entry} onLeave={leave} /> : null
  return (
    <>
      {beside ? (
        open ? (
          <aside className="panel side-panel entry-pane" aria-label="Entry">
            <div className="row between">
              <h2 className="clip">{title}</h2>
              <IconButton icon="close" label="Close" onClick={leave} />
            </div>
            {body}
          </aside>
        ) : null
      ) : (
        <Drawer open={open} title={title} onClose={leave} size={540}>
          <div className="entry-pane">{body}</div>
        </Drawer>
      )}
      <Confirm
        open={asking}
        title="Leave without saving?"
        word="Leave without saving"
        keepWord="Go on writing"
        onClose={() => afterKey(() => setAsking(false))}
        onConfirm={() => {
          setAsking(false)
          closed(closeEditor)
        }}
      >
        <p>What you changed since it was last saved is lost.</p>
      </Confirm>
    </>
  )
}

/** Closes and gives the focus back to the list. */
function closed(close: () => void) {
  close()
  document.getElementById(LIST_ID)?.focus({ preventScroll: true })
}

/** The newest state of the open entry that is known. */
function useOpenEntry(): JournalEntry | null {
  return useJournal(({ pages, opened }) => dataOf(pages)?.rows.find(({ id }) => id === opened?.id) ?? opened)
}

import { useEffect } from 'react'
import { formatCount } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { errorViewOf } from '../../state/failure.ts'
import { isJournalFiltered, refreshJournal, refreshJournalTags, setJournalFilter, useJournal } from '../../state/journal.ts'
import { startEntry, startReview, useJournalEditor } from '../../state/journal-editor.ts'
import { dataOf } from '../../state/remote.ts'
import { useSurface } from '../../state/surface.ts'
import { toastError } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/notes.tsx'
import { RowsPart } from '../../ui/Part.tsx'
import { EntryFilters } from './EntryFilters.tsx'
import { EntryList } from './EntryList.tsx'
import { EntryPane } from './EntryPane.tsx'
import { JournalExport } from './JournalExport.tsx'

/** Notes, tags, ratings and pictures beside the trades. */
export function JournalPage() {
  useEffect(() => {
    void refreshJournal()
    void refreshJournalTags()
  }, [])
  useNewKey()
  return (
    <div className="page fill">
      <div className="page-head">
        <Head />
        <div className="row wrap">
          <JournalExport />
          <Button icon="calendar" onClick={() => void review()}>
            Review the day
          </Button>
          <Button variant="primary" icon="plus" onClick={() => startEntry()}>
            New entry
          </Button>
        </div>
      </div>
      <div className="two journal">
        <section className="panel hist-panel" aria-label="Entries">
          <EntryFilters />
          <Rows />
        </section>
        <EntryPane />
      </div>
    </div>
  )
}

async function review() {
  try {
    await startReview()
  } catch (error) {
    toastError(errorViewOf(error))
  }
}

function Head() {
  const total = useJournal(state => dataOf(state.pages))
  const filtered = useJournal(state => isJournalFiltered(state.filter))
  const count = total ? `${formatCount(total.rows.length)}${total.next === null ? '' : '+'}` : null
  const kept =
    count === null || count === '0' || filtered ? 'Newest first.' : count === '1' ? '1 entry.' : `${count} entries, newest first.`
  return (
    <div>
      <h1>Journal</h1>
      <p className="sub">{`${kept} Kept on this machine; notes stay with their trades through every sync.`}</p>
    </div>
  )
}

/** `n` writes a new entry here, before the rest of the window hears it. */
function useNewKey() {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'n' || event.ctrlKey || event.metaKey || event.altKey || isTaken(event.target)) return
      event.preventDefault()
      event.stopImmediatePropagation()
      startEntry()
    }
    window.addEventListener('keydown', onKeyDown, { capture: true })
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true })
  }, [])
}

function isTaken(target: EventTarget | null): boolean {
  if (useSurface.getState().open.kind !== 'none' || useJournalEditor.getState().editor) return true
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

function Rows() {
  const pages = useJournal(state => state.pages)
  const now = useNow(30)
  return (
    <RowsPart
      of={pages}
      now={now}
      label="Loading the journal"
      heights={Array.from({ length: 8 }, () => 40)}
      onRetry={() => void refreshJournal()}
    >
      {(data, stale) => (data.rows.length === 0 ? <Nothing /> : <EntryList data={data} stale={stale} />)}
    </RowsPart>
  )
}

function Nothing() {
  const filtered = useJournal(state => isJournalFiltered(state.filter))
  if (filtered) {
    return (
      <EmptyState
        icon="search"
        title="Nothing matches"
        action={<Button onClick={() => void setJournalFilter({})}>Clear all filters</Button>}
      >
        No entry has all of this. Words match the beginning of a word in titles, texts, tags and symbols.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon="journal"
      title="Write down why"
      action={
        <Button variant="primary" icon="plus" onClick={() => startEntry()}>
          New entry
        </Button>
      }
    >
      What you saw, what you planned and what you did, with tags, a rating and pasted charts. Press n anywhere on this page.
    </EmptyState>
  )
}

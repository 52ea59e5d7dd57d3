import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { JournalEntry } from '../../../shared/contract/journal.ts'
import { formatExact, formatMoment, instrumentLine } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { accountIndex, useConnections } from '../../state/connections.ts'
import { errorViewOf } from '../../state/failure.ts'
import { removeEntry, setJournalFilter } from '../../state/journal.ts'
import { editEntry } from '../../state/journal-editor.ts'
import { toastError } from '../../state/toast.ts'
import { EnvBadge } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { Pictures } from './Pictures.tsx'
import { Rating } from './Rating.tsx'

/** One entry in full. */
export function EntryReader({ entry, onLeave }: { readonly entry: JournalEntry; readonly onLeave: () => void }) {
  const now = useNow(30)
  const [asking, setAsking] = useState(false)
  async function remove() {
    setAsking(false)
    try {
      await removeEntry(entry.id)
      onLeave()
    } catch (error) {
      toastError(errorViewOf(error))
    }
  }
  const article = useRef<HTMLElement>(null)
  // What was pressed to come here, such as Save, may be gone.
  useEffect(() => {
    if (document.activeElement === document.body) article.current?.focus({ preventScroll: true })
  }, [])
  function onKeyDown(event: KeyboardEvent) {
    if (event.target !== article.current || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'e') {
      event.preventDefault()
      editEntry(entry)
    }
    // A drawer hears Escape by itself.
    if (event.key === 'Escape' && article.current?.closest('[role="dialog"]') === null) onLeave()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys of the list, while what was chosen there has the focus
    <article className="stack-l entry-read" ref={article} tabIndex={-1} onKeyDown={onKeyDown}>
      <div className="stack">
        <div className="row wrap">
          <h3 className="break">{entry.title || 'Untitled'}</h3>
          {entry.isDraft ? <span className="tag">draft</span> : null}
          <Rating value={entry.rating} />
        </div>
        <About entry={entry} />
        {entry.tags.length > 0 ? (
          <div className="row wrap">
            {entry.tags.map(tag => (
              <button type="button" className="chip" key={tag} onClick={() => void setJournalFilter({ tag })}>
                <span className="clip">{tag}</span>
              </button>
            ))}
          </div>
        ) : null}
      </div>
      {entry.text.trim() === '' ? null : <p className="entry-text">{entry.text}</p>}
      <Pictures attachments={entry.attachments} />
      <p className="stamp" title={`Written ${formatExact(entry.createdAt)}, changed ${formatExact(entry.updatedAt)}`}>
        {`Written ${formatMoment(entry.createdAt, now)}`}
        {entry.updatedAt === entry.createdAt ? '' : `, changed ${formatMoment(entry.updatedAt, now)}`}
      </p>
      <div className="row wrap">
        <Button variant="primary" onClick={() => editEntry(entry)}>
          Change
        </Button>
        <Button variant="ghost" onClick={() => setAsking(true)}>
          Delete
        </Button>
      </div>
      <Confirm open={asking} title="Delete this entry?" word="Delete" onConfirm={() => void remove()} onClose={() => setAsking(false)}>
        <p>The entry and its pictures are deleted here. This cannot be taken back.</p>
      </Confirm>
    </article>
  )
}

const WORDS = { day: 'About the day', free: 'About nothing in particular', trip: 'About a round trip', activity: 'About a trade' } as const

function About({ entry }: { readonly entry: JournalEntry }) {
  const connections = useConnections(state => state.list)
  const place = entry.accountId === null ? undefined : accountIndex(connections).get(entry.accountId)
  return (
    <p className="row wrap sub">
      <span>{entry.symbol && entry.subject.kind === 'free' ? 'About a trade that is no longer here' : WORDS[entry.subject.kind]}</span>
      {entry.symbol ? <span className="sym">{instrumentLine(entry.symbol)}</span> : null}
      {place ? <span>{`${place.account.name} ${place.account.maskedNumber}`}</span> : null}
      {place ? <EnvBadge environment={place.connection.environment} /> : null}
    </p>
  )
}

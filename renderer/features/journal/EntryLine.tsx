/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- options of the list above, which has the focus and the keys */
import type { JournalEntry } from '../../../shared/contract/journal.ts'
import { formatDate, instrumentLine, plural } from '../../lib/format/index.ts'
import { openEntry } from '../../state/journal.ts'
import { Rating } from './Rating.tsx'

interface LineProps {
  readonly entry: JournalEntry
  readonly index: number
  readonly active: boolean
  readonly open: boolean
  /** The day stands on the line above. */
  readonly isSameDay: boolean
  readonly onPick: (index: number) => void
}

/** One entry: its day, what it is called and begins with, and what is tied to it. */
export function EntryLine({ entry, index, active, open, isSameDay, onPick }: LineProps) {
  const { title, text, tags, symbol, rating, attachments, isDraft } = entry
  const [first = '', ...others] = text.split('\n').filter(line => line.trim() !== '')
  const under = title === '' ? others.join(' ') : [first, ...others].join(' ')
  return (
    <div
      id={`entry-${index}`}
      role="option"
      aria-selected={open}
      className={['jline', active ? 'active' : '', open ? 'sel' : ''].filter(Boolean).join(' ')}
      onClick={() => {
        onPick(index)
        openEntry(entry)
      }}
    >
      <span className={isSameDay ? 'jday stamp same' : 'jday stamp'}>{formatDate(entry.day)}</span>
      <span className="jmain">
        <span className="row">
          <span className="clip strong">{title || first || 'Untitled'}</span>
          {isDraft ? <span className="tag">draft</span> : null}
        </span>
        <span className="clip stamp">
          <span className="jday-slim">{`${formatDate(entry.day)}${under === '' ? '' : ': '}`}</span>
          {under}
        </span>
      </span>
      <span className="jside">
        <span className="row">
          {symbol ? <span className="sym nowrap">{instrumentLine(symbol)}</span> : null}
          <Rating value={rating} />
        </span>
        <span className="row jtags">
          {attachments.length > 0 ? <span className="stamp nowrap">{plural(attachments.length, 'picture')}</span> : null}
          {tags.slice(0, 2).map(tag => (
            <span className="tag" key={tag}>
              {tag}
            </span>
          ))}
          {tags.length > 2 ? <span className="stamp">{`+${tags.length - 2}`}</span> : null}
        </span>
      </span>
    </div>
  )
}

import { useEffect, useState } from 'react'
import { dayOf, formatRange, instrumentLine } from '../../lib/format/index.ts'
import { now } from '../../state/clock.ts'
import { isJournalFiltered, type JournalFilter, setJournalFilter, useJournal } from '../../state/journal.ts'
import { dataOf } from '../../state/remote.ts'
import { Button } from '../../ui/Button.tsx'
import { OptionChip } from '../../ui/FilterChip.tsx'
import { DateChip, SymbolChip } from '../../ui/form-chips.tsx'

const SEARCH_MS = 180

/** Everything that narrows the entries. */
export function EntryFilters() {
  const filter = useJournal(state => state.filter)
  const tags = useJournal(state => dataOf(state.tags)) ?? []
  const set = (change: { readonly [K in keyof JournalFilter]: JournalFilter[K] | undefined }) =>
    void setJournalFilter({ ...useJournal.getState().filter, ...change })
  return (
    <div className="filters">
      <Search />
      <OptionChip
        label="Tag"
        value={filter.tag ?? null}
        selected={filter.tag === undefined ? [] : [filter.tag]}
        options={tags.map(({ tag, count }) => ({ value: tag, label: tag, hint: String(count) }))}
        onChange={([tag]) => set({ tag })}
        onClear={() => set({ tag: undefined })}
      />
      <SymbolChip
        value={filter.symbol ?? null}
        shown={filter.symbol ? instrumentLine(filter.symbol) : null}
        onChange={symbol => set({ symbol })}
      />
      <DateChip
        from={filter.from}
        to={filter.to}
        today={dayOf(now())}
        shown={(filter.from ?? filter.to) ? formatRange(filter.from, filter.to) : null}
        onChange={set}
      />
      {isJournalFiltered(filter) ? (
        <Button variant="ghost" onClick={() => void setJournalFilter({})}>
          Clear
        </Button>
      ) : null}
    </div>
  )
}

function Search() {
  const search = useJournal(state => state.filter.search)
  const [text, setText] = useState(search ?? '')
  const [seen, setSeen] = useState(search)
  if (seen !== search) {
    setSeen(search)
    if ((search ?? '') !== text.trim()) setText(search ?? '')
  }
  useEffect(() => {
    const wanted = text.trim() === '' ? undefined : text.trim()
    const { filter } = useJournal.getState()
    if (wanted === filter.search) return
    const timer = setTimeout(() => void setJournalFilter({ ...filter, search: wanted }), SEARCH_MS)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <input
      className="input search"
      type="search"
      maxLength={100}
      placeholder="Words, tags, symbols"
      aria-label="Search the journal"
      value={text}
      onChange={event => setText(event.currentTarget.value)}
    />
  )
}

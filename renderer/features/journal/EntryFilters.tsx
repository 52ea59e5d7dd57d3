import { dayOf, formatRange, instrumentLine } from '../../lib/format/index.ts'
import { now } from '../../state/clock.ts'
import { isJournalFiltered, type JournalFilter, setJournalFilter, useJournal } from '../../state/journal.ts'
import { dataOf } from '../../state/remote.ts'
import { Button } from '../../ui/Button.tsx'
import { OptionChip } from '../../ui/FilterChip.tsx'
import { DateChip, SymbolChip } from '../../ui/form-chips.tsx'
import { SearchField } from '../../ui/SearchField.tsx'

/** Everything that narrows the entries. */
export function EntryFilters() {
  const filter = useJournal(state => state.filter)
  const tags = useJournal(state => dataOf(state.tags)) ?? []
  const set = (change: { readonly [K in keyof JournalFilter]: JournalFilter[K] | undefined }) =>
    void setJournalFilter({ ...useJournal.getState().filter, ...change })
  return (
    <div className="filters">
      <SearchField
        label="Search the journal"
        placeholder="Words, tags, symbols"
        value={filter.search}
        onSearch={search => set({ search })}
      />
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

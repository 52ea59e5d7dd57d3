import type { ComponentProps } from 'react'
import { ACTIVITY_KINDS, SIDES } from '../../../shared/domain/activity.ts'
import { dayOf, environmentWord, formatCount, formatRange, instrumentLine, kindWords, sideWord } from '../../lib/format/index.ts'
import { brokerName, useApp } from '../../state/app.ts'
import { now } from '../../state/clock.ts'
import { connectionName, useConnections } from '../../state/connections.ts'
import { isFiltered, setFilter, useHistory } from '../../state/history.ts'
import { dataOf } from '../../state/remote.ts'
import { Button } from '../../ui/Button.tsx'
import { OptionChip } from '../../ui/FilterChip.tsx'
import { DateChip, SymbolChip } from '../../ui/form-chips.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { changed } from './filter.ts'

/** Everything that narrows the history. */
export function Filters() {
  const filter = useHistory(state => state.filter)
  const connections = useConnections(state => dataOf(state.list)) ?? []
  const brokers = useApp(state => state.brokers)
  const set = (change: Parameters<typeof changed>[1]) => void setFilter(changed(useHistory.getState().filter, change))
  const connectionOptions = connections.map(({ id, label, broker, environment }) => ({
    value: id,
    label: connectionName({ label }, brokerName(brokers, broker)),
    hint: environmentWord(environment).toLowerCase(),
  }))
  const accountOptions = connections
    .filter(({ id }) => filter.connectionId === undefined || id === filter.connectionId)
    .flatMap(({ accounts }) => accounts.map(({ id, name, maskedNumber }) => ({ value: id, label: name, hint: maskedNumber })))
  const connection = connectionOptions.find(({ value }) => value === filter.connectionId)
  const account = accountOptions.find(({ value }) => value === filter.accountId)
  const kinds = filter.kinds ?? []
  return (
    <div className="filters">
      <Search value={filter.search} onSearch={search => set({ search })} />
      <OptionChip
        label="Kind"
        value={kinds.length === 0 ? null : kinds.length === 1 ? kindWords(kinds[0] ?? 'other') : `${kinds.length} kinds`}
        multiple
        selected={kinds}
        options={ACTIVITY_KINDS.map(kind => ({ value: kind, label: kindWords(kind) }))}
        onChange={values => set({ kinds: values.length === 0 ? undefined : ACTIVITY_KINDS.filter(kind => values.includes(kind)) })}
        onClear={() => set({ kinds: undefined })}
      />
      <OptionChip
        label="Connection"
        value={connection ? `${connection.label} ${connection.hint}` : null}
        selected={connection ? [connection.value] : []}
        options={connectionOptions}
        onChange={([value]) => set({ connectionId: connections.find(({ id }) => id === value)?.id, accountId: undefined })}
        onClear={() => set({ connectionId: undefined })}
      />
      <OptionChip
        label="Account"
        value={account ? `${account.label} ${account.hint}` : null}
        selected={account ? [account.value] : []}
        options={accountOptions}
        onChange={([value]) => set({ accountId: connections.flatMap(({ accounts }) => accounts).find(({ id }) => id === value)?.id })}
        onClear={() => set({ accountId: undefined })}
      />
      <SymbolChip
        value={filter.symbol ?? null}
        shown={filter.symbol ? instrumentLine(filter.symbol) : null}
        onChange={symbol => set({ symbol })}
      />
      <OptionChip
        label="Side"
        value={filter.side ? sideWord(filter.side) : null}
        selected={filter.side ? [filter.side] : []}
        options={SIDES.map(side => ({ value: side, label: sideWord(side) }))}
        onChange={([value]) => set({ side: SIDES.find(side => side === value) })}
        onClear={() => set({ side: undefined })}
      />
      <DateChip
        from={filter.from}
        to={filter.to}
        today={dayOf(now())}
        shown={(filter.from ?? filter.to) ? formatRange(filter.from, filter.to) : null}
        onChange={set}
      />
      {isFiltered(filter) ? (
        <Button variant="ghost" onClick={() => void setFilter({})}>
          Clear
        </Button>
      ) : null}
      <Matches />
    </div>
  )
}

function Search(props: Pick<ComponentProps<typeof SearchField>, 'value' | 'onSearch'>) {
  return <SearchField label="Search symbol or description" placeholder="Symbol or description" {...props} />
}

function Matches() {
  const count = useHistory(state => dataOf(state.count)?.count)
  return (
    <output className="stamp nowrap matches">{count === undefined ? '' : count === 1 ? '1 match' : `${formatCount(count)} matches`}</output>
  )
}

import { BROKER_IDS } from '../../../shared/domain/broker.ts'
import { dayOf, environmentWord, formatRange, humanWord, instrumentLine } from '../../lib/format/index.ts'
import { brokerName, useApp } from '../../state/app.ts'
import { useNow } from '../../state/clock.ts'
import { useConnections } from '../../state/connections.ts'
import { chooseEnvironment, environmentsOf, useShownEnvironment } from '../../state/environment.ts'
import { chooseCurrency, currenciesOf, type ResultFilter, setResultFilter, shownCurrency, usePerformance } from '../../state/performance.ts'
import { dataOf } from '../../state/remote.ts'
import { Button } from '../../ui/Button.tsx'
import { OptionChip } from '../../ui/FilterChip.tsx'
import { DateChip, SymbolChip } from '../../ui/form-chips.tsx'
import { Segments } from '../../ui/Segments.tsx'
import { type Change, changedResults } from './filter.ts'

/** Everything that narrows the results. */
export function ResultFilters() {
  const filter = usePerformance(state => state.filter)
  const today = dayOf(useNow(60))
  const set = (change: Change) => void setResultFilter(changedResults(filter, change))
  const isSet = Object.keys(filter).length > 0
  return (
    <section className="panel filters" aria-label="What the results are of">
      <Whose />
      <Places filter={filter} set={set} />
      <Kinds filter={filter} set={set} />
      <SymbolChip
        value={filter.symbol ?? null}
        shown={filter.symbol ? instrumentLine(filter.symbol) : null}
        onChange={symbol => set({ symbol })}
      />
      <DateChip
        from={filter.from}
        to={filter.to}
        today={today}
        shown={(filter.from ?? filter.to) ? formatRange(filter.from, filter.to) : null}
        onChange={set}
      />
      {isSet ? (
        <Button variant="ghost" onClick={() => void setResultFilter({})}>
          Clear
        </Button>
      ) : null}
      <Currency />
    </section>
  )
}

function Whose() {
  const environment = useShownEnvironment()
  const present = environmentsOf(useConnections(state => state.list))
  if (present.length < 2 || !environment) return null
  return (
    <Segments
      label="Whose results"
      value={environment}
      options={present.map(value => ({ value, label: environmentWord(value) }))}
      onChange={chooseEnvironment}
    />
  )
}

function Currency() {
  const totals = usePerformance(state => dataOf(state.totals))
  const chosen = usePerformance(state => state.currency)
  const present = currenciesOf(totals ?? [])
  const shown = shownCurrency(totals, chosen)
  if (present.length < 2 || shown === undefined) return null
  return (
    <span className="matches">
      <Segments label="Currency" value={shown} options={present.map(value => ({ value, label: value }))} onChange={chooseCurrency} />
    </span>
  )
}

interface ChipProps {
  readonly filter: ResultFilter
  readonly set: (change: Change) => void
}

function Places({ filter, set }: ChipProps) {
  const environment = useShownEnvironment()
  const all = useConnections(state => dataOf(state.list)) ?? []
  const brokers = useApp(state => state.brokers)
  const connections = all.filter(connection => connection.environment === environment)
  const options = [...new Set(connections.map(({ broker }) => broker))].map(value => ({ value, label: brokerName(brokers, value) }))
  const accounts = connections
    .filter(({ broker }) => filter.broker === undefined || broker === filter.broker)
    .flatMap(connection => connection.accounts)
    .map(({ id, name, maskedNumber }) => ({ value: id, label: name, hint: maskedNumber }))
  const account = accounts.find(({ value }) => value === filter.accountId)
  return (
    <>
      <OptionChip
        label="Broker"
        value={filter.broker ? brokerName(brokers, filter.broker) : null}
        selected={filter.broker ? [filter.broker] : []}
        options={options}
        onChange={([value]) => set({ broker: BROKER_IDS.find(id => id === value), accountId: undefined })}
        onClear={() => set({ broker: undefined })}
      />
      <OptionChip
        label="Account"
        value={account ? `${account.label} ${account.hint}` : null}
        selected={account ? [account.value] : []}
        options={accounts}
        onChange={([value]) => set({ accountId: accounts.find(one => one.value === value)?.value })}
        onClear={() => set({ accountId: undefined })}
      />
    </>
  )
}

function Kinds({ filter, set }: ChipProps) {
  const symbols = usePerformance(state => dataOf(state.symbols))
  const tags = usePerformance(state => dataOf(state.tags))
  const known = (symbols ?? []).flatMap(({ assetClass }) => assetClass ?? [])
  const classes = [...new Set([...known, ...(filter.assetClass ? [filter.assetClass] : [])])]
  const named = [...new Set([...(tags ?? []).flatMap(({ tag }) => tag ?? []), ...(filter.tag ? [filter.tag] : [])])]
  return (
    <>
      <OptionChip
        label="Asset class"
        value={filter.assetClass ? humanWord(filter.assetClass) : null}
        selected={filter.assetClass ? [filter.assetClass] : []}
        options={classes.map(value => ({ value, label: humanWord(value) }))}
        onChange={([assetClass]) => set({ assetClass })}
        onClear={() => set({ assetClass: undefined })}
      />
      <OptionChip
        label="Tag"
        value={filter.tag ?? null}
        selected={filter.tag ? [filter.tag] : []}
        options={named.map(value => ({ value, label: value }))}
        onChange={([tag]) => set({ tag })}
        onClear={() => set({ tag: undefined })}
      />
    </>
  )
}

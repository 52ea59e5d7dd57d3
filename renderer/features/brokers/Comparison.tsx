import { useMediaQuery } from '@mantine/hooks'
import { useState } from 'react'
import type { BrokerView } from '../../../shared/contract/app.ts'
import { BrokerMark } from '../../ui/badges.tsx'
import { Icon } from '../../ui/icons.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'
import { Cell } from './Cell.tsx'
import { type Column, COLUMN_WORDS, COLUMNS, resorted, sortBrokers, type Sorting } from './sort.ts'

const NARROW = '(max-width: 820px)'

/** The brokers side by side: a table with its first column in place, cards where a table would not fit. */
export function Comparison({ brokers }: { readonly brokers: readonly BrokerView[] }) {
  const [sorting, setSorting] = useState<Sorting>({ column: 'name', descending: false })
  const narrow = useMediaQuery(NARROW, false, { getInitialValueInEffect: false })
  const sorted = sortBrokers(brokers, sorting)
  const pick = (column: Column) => setSorting(resorted(sorting, column))
  return (
    <section className="stack compare" aria-labelledby="compare-heading">
      <div className="page-head">
        <div>
          <h2 id="compare-heading">Compared</h2>
          <p className="sub">What each says of itself. Fees and ratings carry their source and the day they were looked up.</p>
        </div>
        {narrow ? <SortBy sorting={sorting} onPick={pick} /> : null}
      </div>
      {narrow ? <Stacked brokers={sorted} /> : <Table brokers={sorted} sorting={sorting} onPick={pick} />}
    </section>
  )
}

interface SortProps {
  readonly sorting: Sorting
  readonly onPick: (column: Column) => void
}

function SortBy({ sorting, onPick }: SortProps) {
  return (
    <label className="row sort-by">
      <span className="stamp">Sort by</span>
      <select
        className="input"
        value={sorting.column}
        onChange={event => {
          const column = COLUMNS.find(candidate => candidate === event.currentTarget.value)
          if (column) onPick(column)
        }}
      >
        {COLUMNS.map(column => (
          <option key={column} value={column}>
            {COLUMN_WORDS[column]}
          </option>
        ))}
      </select>
    </label>
  )
}

function Table({ brokers, sorting, onPick }: SortProps & { readonly brokers: readonly BrokerView[] }) {
  return (
    <div className="panel compare-panel">
      <ScrollTable label="Brokers compared">
        <table className="grid compare-grid">
          <thead>
            <tr>
              {COLUMNS.map(column => {
                const on = sorting.column === column
                return (
                  <th key={column} scope="col" aria-sort={on ? (sorting.descending ? 'descending' : 'ascending') : undefined}>
                    <button type="button" onClick={() => onPick(column)}>
                      {COLUMN_WORDS[column]}
                      {on ? <Icon name={sorting.descending ? 'down' : 'up'} /> : null}
                    </button>
                  </th>
                )
              })}
            </tr>
          </thead>
          <tbody>
            {brokers.map(broker => (
              <tr key={broker.id}>
                <th scope="row">
                  <span className="row">
                    <BrokerMark broker={broker.id} small />
                    {broker.name}
                  </span>
                </th>
                {COLUMNS.slice(1).map(column => (
                  <td key={column}>
                    <Cell broker={broker} column={column} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollTable>
    </div>
  )
}

function Stacked({ brokers }: { readonly brokers: readonly BrokerView[] }) {
  return (
    <ul className="stack">
      {brokers.map(broker => (
        <li key={broker.id} className="panel panel-pad stack">
          <h3 className="row">
            <BrokerMark broker={broker.id} small />
            {broker.name}
          </h3>
          <dl className="tile-facts">
            {COLUMNS.slice(1).map(column => (
              <div key={column}>
                <dt>{COLUMN_WORDS[column]}</dt>
                <dd>
                  <Cell broker={broker} column={column} />
                </dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  )
}

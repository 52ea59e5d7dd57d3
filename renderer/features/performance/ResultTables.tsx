import { Fragment, useMemo, useState } from 'react'
import type { SymbolResult, TagResult } from '../../state/performance.ts'
import { formatChange, formatCount, formatInstrument, formatMoney, formatPercent, humanWord, toneOf } from '../../lib/format/index.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { widestOf } from '../../lib/widest.ts'
import { Button } from '../../ui/Button.tsx'
import { type RowSlot, RowWindow } from '../../ui/RowWindow.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'

const FIRST = 12
const ROW = 39

/** Results by instrument, the largest either way first. */
export function SymbolTable({ rows, onPick }: { readonly rows: readonly SymbolResult[]; readonly onPick: (symbol: string) => void }) {
  const [all, setAll] = useState(false)
  const sorted = useMemo(
    () => rows.toSorted((a, b) => Dec.cmp(Dec.abs(b.realized), Dec.abs(a.realized)) || a.symbol.localeCompare(b.symbol)),
    [rows],
  )
  const widest = useMemo(() => widestOf(sorted, [row => row.symbol, row => row.realized, row => row.unrealized ?? '']), [sorted])
  if (rows.length === 0) return <p className="sub">Nothing was closed in this time.</p>
  const shown = all ? sorted : sorted.slice(0, FIRST)
  return (
    <>
      <ScrollTable label="Table of results by symbol" className="tall">
        <table className="grid figures-grid" aria-rowcount={shown.length + 1}>
          <Heads first="Instrument" />
          <RowWindow
            count={shown.length}
            estimate={ROW}
            columns={6}
            widest={all ? widest : []}
            keyOf={at => shown[at]?.symbol ?? String(at)}
            row={(at, slot) => {
              const row = shown[at]
              return row ? (
                <SymbolLine key={`${row.symbol} ${slot.className ?? ''}`} row={row} slot={slot} onPick={onPick} />
              ) : (
                <Fragment key={at} />
              )
            }}
          />
        </table>
      </ScrollTable>
      {sorted.length > FIRST ? (
        <Button variant="ghost" onClick={() => setAll(!all)}>
          {all ? `Only the ${FIRST} largest` : `Show all ${formatCount(sorted.length)}`}
        </Button>
      ) : null}
    </>
  )
}

interface SymbolLineProps {
  readonly row: SymbolResult
  readonly slot: RowSlot
  readonly onPick: (symbol: string) => void
}

function SymbolLine({ row, slot, onPick }: SymbolLineProps) {
  const { symbol, terms } = formatInstrument(row.symbol)
  return (
    <tr {...slot}>
      <th scope="row">
        <button type="button" className="link" data-move="" onClick={() => onPick(row.symbol)} title={`Show only ${row.symbol}`}>
          <span className="sym">{symbol}</span>
          {terms ? <span className="opt">{terms}</span> : null}
        </button>
        {row.assetClass && row.assetClass !== 'equity' && !terms ? <span className="tag">{humanWord(row.assetClass)}</span> : null}
      </th>
      <Figures row={row} />
      <td className={`r ${toneOf(row.unrealized)}`}>{formatChange(row.unrealized, row.currency)}</td>
    </tr>
  )
}

/** Results by the tags of the journal. */
export function TagTable({ rows, onPick }: { readonly rows: readonly TagResult[]; readonly onPick: (tag: string) => void }) {
  if (rows.every(({ tag }) => tag === null))
    return <p className="sub">No round trip carries a tag yet. Tags are given in the journal, and results are counted by them here.</p>
  const sorted = rows.toSorted((a, b) => Dec.cmp(b.realized, a.realized))
  return (
    <ScrollTable label="Table of results by tag">
      <table className="grid figures-grid">
        <Heads first="Tag" withoutOpen />
        <tbody>
          {sorted.map(row => (
            <tr key={row.tag ?? ''}>
              <th scope="row">
                {row.tag === null ? <span className="sub">without a tag</span> : <TagButton tag={row.tag} onPick={onPick} />}
              </th>
              <Figures row={row} />
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollTable>
  )
}

function TagButton({ tag, onPick }: { readonly tag: string; readonly onPick: (tag: string) => void }) {
  return (
    <button type="button" className="link" onClick={() => onPick(tag)} title={`Show only ${tag}`}>
      {tag}
    </button>
  )
}

function Heads({ first, withoutOpen = false }: { readonly first: string; readonly withoutOpen?: boolean }) {
  const words = ['Realised', 'Fees', 'Closings', 'Round trips won', ...(withoutOpen ? [] : ['Unrealised now'])]
  return (
    <thead>
      <tr>
        <th scope="col" className="plain">
          {first}
        </th>
        {words.map(word => (
          <th key={word} scope="col" className="plain r">
            {word}
          </th>
        ))}
      </tr>
    </thead>
  )
}

function Figures({ row }: { readonly row: SymbolResult | TagResult }) {
  const { currency, realized, fees, closings, unknown, known, wins } = row
  const isUnknown = closings === 0 && unknown > 0
  return (
    <>
      <td className={`r ${toneOf(realized)}`}>{isUnknown ? 'unknown' : formatMoney(realized, currency, { sign: 'always' })}</td>
      <td className="r">{Dec.isZero(fees) ? '—' : formatMoney(fees, currency)}</td>
      <td className="r">
        {closings}
        {unknown > 0 ? <span className="stamp">{` +${unknown} unknown`}</span> : null}
      </td>
      <td className="r">
        {known === 0 ? '—' : `${wins} of ${known}, ${formatPercent(Dec.of(String(Math.round((wins / known) * 1000) / 10)), { places: 1 })}`}
      </td>
    </>
  )
}

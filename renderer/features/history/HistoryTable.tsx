/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a virtualised grid is built from positioned boxes, not from table rows */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { ZONE_NAME } from '../../lib/format/index.ts'
import type { Environment } from '../../../shared/domain/broker.ts'
import { EnvBadge } from '../../ui/badges.tsx'
import { accountIndex, onlyEnvironment, useConnections } from '../../state/connections.ts'
import { closeActivity, type HistoryRows, openActivity, readMore, useHistory } from '../../state/history.ts'
import { DayLine, EndLine } from './lines.tsx'
import { type Item, listItems } from './items.ts'
import { ActivityLine } from './ActivityLine.tsx'
import { columnWidths, lineTemplate } from './columns.ts'

declare module 'react' {
  interface CSSProperties {
    /** The columns of every line of a list. */
    '--line-columns'?: string
  }
}

const SIZES = { wide: { day: 28, row: 34, end: 44 }, narrow: { day: 28, row: 54, end: 44 }, tight: { day: 28, row: 74, end: 44 } } as const
/** Below this a row's size and its place have a line each. */
const TIGHT = 420
const PREFETCH = 80
const HEAD = 34

/** The virtualised list: arrows move, Enter opens, the next page comes before the end is reached. */
export function HistoryTable({ data, stale }: { readonly data: HistoryRows; readonly stale: boolean }) {
  const scroller = useRef<HTMLDivElement>(null)
  const currency = useMemo(() => onlyCurrency(data), [data])
  const openId = useHistory(state => state.openId)
  const total = useHistory(state => (state.count.status === 'ready' ? state.count.data.count : -1))
  const connections = useConnections(state => state.list)
  const environment = onlyEnvironment(connections)
  const badges = environment === null
  const widths = useMemo(() => columnWidths(data.rows, currency, badges), [data, currency, badges])
  const width = useWidth(scroller)
  const narrow = width < widths.line
  const sizes = SIZES[width < TIGHT ? 'tight' : narrow ? 'narrow' : 'wide']
  const margin = narrow ? 0 : HEAD
  const accounts = useMemo(() => accountIndex(connections), [connections])
  const items = useMemo(() => listItems(data.rows, data.next === null, id => accounts.get(id)?.connection.environment), [data, accounts])
  const { active, setActive, onKeyDown } = useActiveRow(data, index =>
    virtual.scrollToIndex(items.findIndex(item => item.kind === 'row' && item.index === index)),
  )

  // oxlint-disable-next-line react/incompatible-library -- its functions change with every scroll; nothing here memoises on them
  const virtual = useVirtualizer({
    scrollMargin: margin,
    scrollPaddingStart: margin,
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => sizes[items[index]?.kind ?? 'row'],
    getItemKey: index => items[index]?.key ?? index,
    overscan: 14,
  })
  useEffect(() => virtual.measure(), [virtual, sizes])
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  const isDrawn = shown.some(({ index }) => {
    const item = items[index]
    return item?.kind === 'row' && item.index === active
  })
  // Also when as many rows were read anew: what was on its way then was given up.
  useEffect(() => {
    if (last >= items.length - PREFETCH && useHistory.getState().more.status === 'idle') void readMore()
  }, [last, items.length, data])

  return (
    <div
      className={`hist ${narrow ? 'narrow' : ''} ${stale ? 'stale' : ''}`}
      style={{ '--line-columns': lineTemplate(widths, badges) }}
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label="Trade history: arrows move, Enter opens a row"
      aria-rowcount={total < 0 ? -1 : total + 1}
      aria-activedescendant={isDrawn ? `row-${active}` : undefined}
      onKeyDown={onKeyDown}
    >
      <HeadLine currency={currency} environment={environment} />
      <div className="hist-space" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ index, start, size, key }) => {
          const item = items[index]
          return item ? (
            <div key={key} role="presentation" className="hist-slot" style={{ transform: `translateY(${start - margin}px)`, height: size }}>
              <Line
                item={item}
                active={item.kind === 'row' && item.index === active}
                open={item.kind === 'row' && item.row.id === openId}
                narrow={narrow}
                currency={currency}
                badges={badges}
                accounts={accounts}
                onPick={setActive}
              />
            </div>
          ) : null
        })}
      </div>
    </div>
  )
}

function HeadLine({ currency, environment }: { readonly currency: string | null; readonly environment: Environment | null }) {
  const unit = currency === null ? '' : `, ${currency}`
  return (
    <div role="rowgroup" className="hist-headgroup">
      <div className="hrow head" role="row" aria-rowindex={1}>
        <span role="columnheader">{`Time ${ZONE_NAME}`}</span>
        <span role="columnheader">Instrument</span>
        <span role="columnheader">Side</span>
        <span role="columnheader" className="r">
          Quantity
        </span>
        <span role="columnheader" className="r">
          Price
        </span>
        <span role="columnheader" className="r">{`Amount${unit}`}</span>
        <span role="columnheader" className="r">
          Fees
        </span>
        <span role="columnheader" className="row">
          Account{environment ? <EnvBadge environment={environment} /> : null}
        </span>
      </div>
    </div>
  )
}

interface LineProps {
  readonly item: Item
  readonly active: boolean
  readonly open: boolean
  readonly narrow: boolean
  readonly currency: string | null
  readonly badges: boolean
  readonly accounts: ReturnType<typeof accountIndex>
  readonly onPick: (index: number) => void
}

function Line({ item, accounts, onPick, ...rest }: LineProps) {
  if (item.kind === 'day') return <DayLine day={item.day} totals={item.totals} />
  if (item.kind === 'end') return <EndLine />
  return <ActivityLine row={item.row} index={item.index} place={accounts.get(item.row.accountId)} onPick={onPick} {...rest} />
}

/** How wide the list is now; endless before it is known. */
function useWidth(of: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(Infinity)
  useLayoutEffect(() => {
    const { current } = of
    if (!current) return
    const look = () => setWidth(current.clientWidth)
    look()
    const observer = new ResizeObserver(look)
    observer.observe(current)
    return () => observer.disconnect()
  }, [of])
  return width
}

/** The one currency of all rows, or null when there are several. */
function onlyCurrency({ rows }: HistoryRows): string | null {
  const first = rows[0]?.currency ?? null
  return rows.every(row => row.currency === first) ? first : null
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -Infinity, End: Infinity }

function useActiveRow({ rows }: HistoryRows, scrollTo: (index: number) => void) {
  const [active, setActive] = useState(0)
  function onKeyDown(event: KeyboardEvent) {
    const row = rows[active]
    if (event.key === 'Escape') return closeActivity()
    if ((event.key === 'Enter' || event.key === ' ') && row) {
      event.preventDefault()
      return void openActivity(row.id)
    }
    const step = STEPS[event.key]
    if (step === undefined || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    const next = Math.min(rows.length - 1, Math.max(0, active + step))
    setActive(next)
    scrollTo(next)
    const target = rows[next]
    if (target && useHistory.getState().openId !== null) void openActivity(target.id)
  }
  return { active, setActive, onKeyDown }
}

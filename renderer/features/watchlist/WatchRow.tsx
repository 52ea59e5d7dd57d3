import type { KeyboardEvent } from 'react'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import { formatAge, formatDecimal, formatExact, formatInstrument, formatPrice, humanWord } from '../../lib/format/index.ts'
import { useBrokerName } from '../../state/app.ts'
import { connectionName } from '../../state/connections.ts'
import { errorViewOf } from '../../state/failure.ts'
import { setFilter } from '../../state/history.ts'
import { go } from '../../state/route.ts'
import { toastError } from '../../state/toast.ts'
import { isStale, moveWatched, unwatch, type WatchedView } from '../../state/watchlist.ts'
import { BrokerMark, EnvBadge } from '../../ui/badges.tsx'
import { IconButton } from '../../ui/Button.tsx'

interface RowProps {
  readonly row: WatchedView
  readonly index: number
  readonly count: number
  readonly now: Instant
  /** Null when each price has to say its own. */
  readonly currency: string | null
  readonly connection: ConnectionView | undefined
  readonly onFocus: (index: number) => void
}

async function tried(work: () => Promise<void>) {
  try {
    await work()
  } catch (error) {
    toastError(errorViewOf(error))
  }
}

/** One symbol with its quote, who gave it and how old it is. */
export function WatchRow({ row, index, count, now, currency, connection, onFocus }: RowProps) {
  const { quote, problem } = row
  const { symbol, terms } = formatInstrument(row.symbol)
  const move = (by: 1 | -1) => void tried(() => moveWatched(row.id, by)).then(() => onFocus(Math.min(count - 1, Math.max(0, index + by))))
  const remove = () => void tried(() => unwatch(row.id)).then(() => onFocus(Math.min(count - 2, index)))
  function onKeyDown(event: KeyboardEvent) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (event.key === 'Delete') remove()
    else if (step !== 0 && event.altKey) move(step)
    else if (step !== 0) onFocus(Math.min(count - 1, Math.max(0, index + step)))
    else return
    event.preventDefault()
  }
  const age = quote ? (quote.asOf === null ? 'unknown' : formatAge(quote.asOf, now)) : 'never'
  const price = (value: Dec | null | undefined) => (value === null || value === undefined ? '—' : formatPrice(value))
  return (
    <tr className={isStale(row, now) ? 'aged' : undefined}>
      <td>
        <button
          type="button"
          className="watch-symbol sym"
          data-watched
          title={`Show the history of ${row.symbol}`}
          onKeyDown={onKeyDown}
          onClick={() => {
            void setFilter({ symbol: row.symbol })
            go('history')
          }}
        >
          {symbol}
        </button>
        {terms ? <span className="opt">{terms}</span> : null}
        {row.assetClass === 'equity' || terms ? null : <span className="tag">{humanWord(row.assetClass)}</span>}
        {problem === null ? null : <div className="hint warn watch-problem">{problem}</div>}
        <div className="under-mid">{connection ? <Source connection={connection} delayed={quote?.delayed === true} /> : null}</div>
      </td>
      <td className="r strong">
        {price(quote?.last)}
        {currency === null && quote ? ` ${quote.currency}` : ''}
        {quote ? <div className="under-slim stamp">{`${price(quote.bid)} / ${price(quote.ask)}`}</div> : null}
        {quote ? (
          <div className="under-tight">
            <Change row={row} />
            <div className="stamp">{age}</div>
          </div>
        ) : null}
      </td>
      <td className="r tight-cell">
        <Change row={row} />
      </td>
      <td className="r mid-cell">{price(quote?.bid)}</td>
      <td className="r mid-cell">{price(quote?.ask)}</td>
      <td className="wide-only-cell">{connection && quote ? <Source connection={connection} delayed={quote.delayed} /> : '—'}</td>
      <td className="r stamp tight-cell" title={quote ? `${asOfText(quote.asOf)}, fetched ${formatExact(quote.fetchedAt)}` : undefined}>
        {age}
      </td>
      <td className="watch-acts">
        <IconButton icon="up" label={`Move ${row.symbol} up`} disabled={index === 0} onClick={() => move(-1)} />
        <IconButton icon="down" label={`Move ${row.symbol} down`} disabled={index === count - 1} onClick={() => move(1)} />
        <IconButton icon="close" label={`Stop watching ${row.symbol}`} onClick={remove} />
      </td>
    </tr>
  )
}

function asOfText(asOf: Instant | null): string {
  return asOf === null ? 'The broker does not say of when' : `As of ${formatExact(asOf)}`
}

function Source({ connection, delayed }: { readonly connection: ConnectionView; readonly delayed: boolean }) {
  const broker = useBrokerName(connection.broker)
  return (
    <span className="who">
      <BrokerMark broker={connection.broker} small />
      {connectionName(connection, broker)}
      <EnvBadge environment={connection.environment} />
      {delayed ? <span className="tag">delayed</span> : null}
    </span>
  )
}

function Change({ row: { quote } }: Pick<RowProps, 'row'>) {
  if (!quote || quote.change === null) return <>—</>
  const tone = Dec.isZero(quote.change) ? '' : Dec.isNegative(quote.change) ? 'bad' : 'good'
  return (
    <span className={tone}>
      {formatDecimal(quote.change, { sign: 'always', min: 2 })}
      {quote.changePercent === null ? null : (
        <div className="change-percent">{`${formatDecimal(quote.changePercent, { sign: 'always', min: 2 })} %`}</div>
      )}
    </span>
  )
}

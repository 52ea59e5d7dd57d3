import { useEffect } from 'react'
import type { QuoteView } from '../../../shared/contract/orders.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { formatDecimal, formatExact, formatPrice } from '../../lib/format/index.ts'
import { symbolOf } from '../../lib/ticket.ts'
import { useNow } from '../../state/clock.ts'
import { refreshQuote, shownQuote, typeIn, useTicket } from '../../state/ticket.ts'
import { IconButton } from '../../ui/Button.tsx'

/** How old a price may be before it is called old, as the guard starts out. */
const FRESH_MS = 5000
const TYPING_MS = 350
const AGAIN_MS = 5000

/** Keeps the price of what the ticket names fresh while it is looked at. */
export function useFreshQuote(): void {
  const of = useTicket(({ form }) => `${form.accountId} ${form.assetClass} ${symbolOf(form) ?? ''}`)
  useEffect(() => {
    const first = setTimeout(() => void refreshQuote(), TYPING_MS)
    const again = setInterval(() => {
      if (!document.hidden) void refreshQuote()
    }, AGAIN_MS)
    return () => {
      clearTimeout(first)
      clearInterval(again)
    }
  }, [of])
}

/** The price beside the ticket, with its age: a bid or an ask can be taken over as the limit. */
export function TicketQuote() {
  const quote = useTicket(shownQuote)
  const symbol = useTicket(({ form }) => symbolOf(form))
  const hasAccount = useTicket(({ form }) => form.accountId !== '')
  if (symbol === undefined || !hasAccount)
    return <p className="quote-line stamp">The price shows here once symbol and account are given.</p>
  const again = <IconButton icon="sync" label="Read the price again" onClick={() => void refreshQuote()} />
  if (quote.status === 'failed')
    return (
      <div className="quote-line">
        <span className="grow stamp">{`No price: ${quote.error.message}`}</span>
        {again}
      </div>
    )
  if (quote.status !== 'ready') return <p className="quote-line stamp">Reading the price</p>
  if (quote.data === null)
    return (
      <div className="quote-line">
        <span className="grow stamp">The broker gives no price for this symbol, so an order for it is stopped.</span>
        {again}
      </div>
    )
  return (
    <div className="quote-line">
      <Quote quote={quote.data} onTake={price => typeIn({ limitPrice: price })} />
      {again}
    </div>
  )
}

interface QuoteProps {
  readonly quote: QuoteView
  readonly onTake?: (price: Dec) => void
}

/** Bid, ask and last, and how old they are. */
export function Quote({ quote, onTake }: QuoteProps) {
  const now = useNow(1)
  const ageMs = quote.asOf === null ? null : Math.max(0, Instant.msBetween(quote.asOf, now))
  const isOld = ageMs !== null && ageMs > FRESH_MS
  const asOf = quote.asOf === null ? 'The broker does not say of when' : `As of ${formatExact(quote.asOf)}`
  const change = quote.changePercent
  const tone = change === null || Dec.isZero(change) ? '' : Dec.isNegative(change) ? 'bad' : 'good'
  return (
    <div className="quote-figures">
      <Price word="Bid" price={quote.bid} onTake={onTake} />
      <Price word="Ask" price={quote.ask} onTake={onTake} />
      <Price word="Last" price={quote.last} onTake={onTake} />
      {change === null ? null : <span className={`num ${tone}`}>{`${formatDecimal(change, { max: 2, min: 2, sign: 'always' })} %`}</span>}
      <span className={isOld || ageMs === null ? 'stamp warn' : 'stamp'} title={`${asOf}, fetched ${formatExact(quote.fetchedAt)}`}>
        {`${quote.currency}, ${ageMs === null ? 'of unknown age' : ageWords(ageMs)}${isOld ? ', old' : ''}${quote.delayed ? ', delayed' : ''}`}
      </span>
    </div>
  )
}

function Price({ word, price, onTake }: { readonly word: string; readonly price: Dec | null; readonly onTake: QuoteProps['onTake'] }) {
  if (price === null)
    return (
      <span className="price">
        <span className="stamp">{word}</span> —
      </span>
    )
  if (!onTake)
    return (
      <span className="price">
        <span className="stamp">{word}</span> <span className="num">{formatPrice(price)}</span>
      </span>
    )
  return (
    <button
      type="button"
      className="price"
      aria-label={`${word} ${formatPrice(price)}: take it as the limit`}
      onClick={() => onTake(price)}
    >
      <span className="stamp">{word}</span> <span className="num">{formatPrice(price)}</span>
    </button>
  )
}

function ageWords(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 100) return `${seconds} s old`
  return seconds < 5400 ? `${Math.floor(seconds / 60)} min old` : `${Math.floor(seconds / 3600)} h old`
}

import type { ReviewView } from '../../../shared/contract/orders.ts'
import { formatInstrument } from '../../lib/format/index.ts'
import { Plain } from './parts.tsx'

/** What is sent, line by line in the order of the core. An option's code is read out too. */
export function ReadBack({ review, isQuiet = false }: { readonly review: ReviewView; readonly isQuiet?: boolean }) {
  return (
    <dl className={isQuiet ? 'review-lines quiet' : 'review-lines'}>
      {review.lines.map(({ label, value }) => (
        <div key={label}>
          <dt>
            <Plain text={label} />
          </dt>
          <dd>
            <Plain text={value} />
            {label === 'Symbol' ? <Terms symbol={value} /> : null}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Terms({ symbol: code }: { readonly symbol: string }) {
  const { symbol, terms } = formatInstrument(code)
  return terms === '' ? null : (
    <span className="stamp">
      {' '}
      <Plain text={`${symbol} ${terms}`} />
    </span>
  )
}

import { formatDate, formatMoney, formatMoment, formatPrice, formatQuantity, plural, sideWord } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import type { Versions } from '../../state/trip.ts'

interface VersionProps {
  readonly versions: Versions['versions']
  readonly currency: string
}

/** What the broker said of a row before it corrected or canceled it, newest first. */
export function VersionList({ versions, currency }: VersionProps) {
  const now = useNow(60)
  if (versions.length === 0) return null
  return (
    <section className="stack" aria-label="Earlier states">
      <h3>{plural(versions.length, 'earlier state')}</h3>
      <ul className="manage">
        {versions.map(one => (
          <li key={one.replacedAt}>
            <span className="num">
              {[
                one.side ? sideWord(one.side) : '',
                one.quantity === null ? '' : formatQuantity(one.quantity),
                one.price === null ? '' : `at ${formatPrice(one.price)}`,
                one.amount === null ? '' : `for ${formatMoney(one.amount, currency, { exact: true })}`,
              ]
                .filter(Boolean)
                .join(' ')}
            </span>
            <span className="stamp">{` ${formatDate(one.tradeDate)}, ${one.status}, replaced ${formatMoment(one.replacedAt, now)}`}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

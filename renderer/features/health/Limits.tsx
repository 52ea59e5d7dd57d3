import type { HealthSummary } from '../../../shared/contract/health.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { environmentWord, formatCount, formatPace, formatWait, methodWord } from '../../lib/format/index.ts'
import { useBrokerName } from '../../state/app.ts'
import { useNow } from '../../state/clock.ts'
import { Part } from './Part.tsx'

type Limit = HealthSummary['limits'][number]

/** How much room is left towards each broker before Keelson has to wait. */
export function Limits({ limits }: { readonly limits: readonly Limit[] }) {
  return (
    <Part title="Rate limits" hint="Requests left at this moment. Keelson slows down before a broker has to ask.">
      {limits.length === 0 ? <p className="panel-pad sub">No broker was asked since Keelson started.</p> : null}
      <ul className="limits">
        {limits.map(limit => (
          <Line key={`${limit.broker} ${limit.environment} ${limit.method ?? ''}`} limit={limit} />
        ))}
      </ul>
    </Part>
  )
}

function Line({ limit }: { readonly limit: Limit }) {
  const name = useBrokerName(limit.broker)
  const now = useNow(1)
  const { requests, left, waiting, pausedUntil, environment, method, perMs } = limit
  const share = requests === 0 ? 0 : Math.min(1, left / requests)
  const pausedMs = pausedUntil === null ? 0 : Instant.msBetween(now, pausedUntil)
  const tone = pausedMs > 0 ? 'warn' : share < 0.1 ? 'warn' : 'good'
  const words =
    pausedMs > 0 ? `goes on in ${formatWait(pausedMs)}` : waiting > 0 ? `${formatCount(waiting)} waiting` : `${formatCount(left)} left`
  return (
    <li>
      <div className="row between wrap">
        <span>
          {name}{' '}
          <span className="stamp">
            {[environmentWord(environment).toLowerCase(), method ? methodWord(method) : ''].filter(Boolean).join(', ')}
          </span>
        </span>
        <span className="stamp num">{`${words}, ${formatPace(requests, perMs)}`}</span>
      </div>
      <div className={`bar ${tone}`} aria-hidden="true">
        <i style={{ width: `${share * 100}%` }} />
      </div>
    </li>
  )
}

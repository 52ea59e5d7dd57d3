import type { HealthSummary } from '../../../shared/contract/health.ts'
import { formatBytes, formatCount, formatDate, plural } from '../../lib/format/index.ts'
import { Part } from './Part.tsx'

type Day = HealthSummary['volume'][number]

/** How much was read on each of the last 30 days. */
export function Volume({ volume }: { readonly volume: readonly Day[] }) {
  const most = volume.reduce((found, { bytes }) => Math.max(found, bytes), 1)
  const sum = (of: (day: Day) => number) => volume.reduce((total, day) => total + of(day), 0)
  return (
    <Part title="Data read" hint="The last 30 days, as brokers sent it, unpacked. Days in UTC.">
      {volume.length === 0 ? (
        <p className="panel-pad sub">Nothing was read yet.</p>
      ) : (
        <div className="panel-pad stack">
          <p className="row between wrap">
            <span className="figure-s">{formatBytes(sum(({ bytes }) => bytes))}</span>
            <span className="stamp">{`${plural(
              sum(({ calls }) => calls),
              'call',
            )}, ${plural(
              sum(({ rows }) => rows),
              'row',
            )} of history`}</span>
          </p>
          <ul className="days" aria-label="Data read by day">
            {volume.map(({ day, bytes, calls, rows }) => (
              <li key={day} title={`${formatDate(day)}: ${formatBytes(bytes)}, ${formatCount(calls)} calls, ${formatCount(rows)} rows`}>
                <span className="hidden-text">{`${formatDate(day)}: ${formatBytes(bytes)}, ${plural(calls, 'call')}, ${plural(rows, 'row')}`}</span>
                <i aria-hidden="true" style={{ height: `${Math.max(3, (bytes / most) * 100)}%` }} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </Part>
  )
}

import type { HealthSummary } from '../../../shared/contract/health.ts'
import { formatBytes, formatCount, formatMs, formatShare } from '../../lib/format/index.ts'
import { useBrokerName } from '../../state/app.ts'
import { BrokerMark, EnvBadge } from '../../ui/badges.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'
import { Part } from './Part.tsx'
import { Heading } from './SignIns.tsx'

type Host = HealthSummary['calls']['hosts'][number]

/** How fast each broker's servers answer. */
export function Calls({ summary: { calls } }: { readonly summary: HealthSummary }) {
  if (calls.hosts.length === 0) return null
  return (
    <Part title="API response times" hint={`Read from bands of duration, at most ${formatShare(calls.bandError)} off.`}>
      <ScrollTable label="Calls by server">
        <table className="grid">
          <thead>
            <tr>
              <Heading word="Server" />
              <Heading word="Calls" figure />
              <Heading word="Failed" figure />
              <Heading word="Slowed down" figure />
              <Heading word="Median" figure />
              <Heading word="95 % within" figure />
              <Heading word="Read" figure />
            </tr>
          </thead>
          <tbody>
            {calls.hosts.map(host => (
              <Line key={`${host.broker} ${host.environment} ${host.host}`} host={host} />
            ))}
          </tbody>
        </table>
      </ScrollTable>
    </Part>
  )
}

function Line({ host }: { readonly host: Host }) {
  const name = useBrokerName(host.broker)
  return (
    <tr>
      <th scope="row">
        <span className="row">
          <BrokerMark broker={host.broker} small />
          <span>
            <span className="row">
              {name}
              <EnvBadge environment={host.environment} />
            </span>
            <span className="stamp mono">{host.host}</span>
          </span>
        </span>
      </th>
      <td className="r">{formatCount(host.calls)}</td>
      <td className="r">{host.failed === 0 ? '—' : formatCount(host.failed)}</td>
      <td className="r">{host.limited === 0 ? '—' : formatCount(host.limited)}</td>
      <td className="r">{host.p50 ? formatMs(host.p50.ms) : '—'}</td>
      <td className="r">{host.p95 ? formatMs(host.p95.ms) : '—'}</td>
      <td className="r">{formatBytes(host.bytes)}</td>
    </tr>
  )
}

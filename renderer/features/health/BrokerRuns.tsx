import type { HealthSummary, RunStatsView } from '../../../shared/contract/health.ts'
import { formatCount, formatMs, formatShare } from '../../lib/format/index.ts'
import { useBrokerName } from '../../state/app.ts'
import { PERIODS } from '../../state/health.ts'
import { BrokerMark, EnvBadge } from '../../ui/badges.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'
import { Part } from './Part.tsx'
import { Heading } from './SignIns.tsx'

type Broker = HealthSummary['brokers'][number]

/** How renewals, syncs and sign-ins went at each broker, and why some did not. */
export function BrokerRuns({ summary }: { readonly summary: HealthSummary }) {
  const { brokers, failures, hours, sla } = summary
  const period = PERIODS.find(candidate => candidate.hours === hours)?.label ?? `${hours} hours`
  if (brokers.length === 0) {
    return (
      <Part title="Brokers" hint={`Last ${period}.`}>
        <p className="panel-pad sub">Nothing ran in this time. Renewals, syncs and sign-ins are counted here as they end.</p>
      </Part>
    )
  }
  return (
    <Part title="Brokers" hint={`Last ${period}. What was stopped by hand is not counted.`}>
      <ScrollTable label="Runs by broker">
        <table className="grid">
          <thead>
            <tr>
              <Heading word="Broker" />
              <Heading word="What" />
              <Heading word="Runs" figure />
              <Heading word="Success" figure />
              <Heading word="Partial" figure />
              <Heading word="Failed" figure />
              <Heading word="Average" figure />
              <Heading word="95 % within" figure />
            </tr>
          </thead>
          {brokers.map(broker => (
            <Lines key={`${broker.broker} ${broker.environment}`} broker={broker} alertBelow={sla.alertBelow} />
          ))}
        </table>
      </ScrollTable>
      {failures.length > 0 ? <Failures failures={failures} /> : null}
    </Part>
  )
}

function Lines({ broker, alertBelow }: { readonly broker: Broker; readonly alertBelow: number }) {
  const name = useBrokerName(broker.broker)
  const kinds = [
    { word: 'Syncs', stats: broker.sync },
    { word: 'Renewals', stats: broker.refresh },
    { word: 'Sign-ins, tests', stats: broker.connect },
  ].filter(({ stats }) => stats.runs > 0)
  return (
    <tbody>
      {kinds.map(({ word, stats }, index) => (
        <tr key={word}>
          <th scope="row">
            {index === 0 ? (
              <span className="row">
                <BrokerMark broker={broker.broker} small />
                {name}
                <EnvBadge environment={broker.environment} />
              </span>
            ) : (
              <span className="hidden-text">{`${name}, ${broker.environment}, ${word}`}</span>
            )}
          </th>
          <td>{word}</td>
          <Figures stats={stats} alertBelow={alertBelow} />
        </tr>
      ))}
    </tbody>
  )
}

function Figures({ stats, alertBelow }: { readonly stats: RunStatsView; readonly alertBelow: number }) {
  const { runs, rate, partial, failed, averageMs, p95Ms } = stats
  return (
    <>
      <td className="r">{formatCount(runs)}</td>
      <td className={`r ${rate !== null && rate < alertBelow ? 'bad strong' : ''}`}>{rate === null ? '—' : formatShare(rate)}</td>
      <td className="r">{partial === 0 ? '—' : formatCount(partial)}</td>
      <td className="r">{failed === 0 ? '—' : formatCount(failed)}</td>
      <td className="r">{averageMs === null ? '—' : formatMs(averageMs)}</td>
      <td className="r">{p95Ms === null ? '—' : formatMs(p95Ms)}</td>
    </>
  )
}

const KINDS = { refresh: 'Renewal', sync: 'Sync', 'sign-in': 'Sign-in', test: 'Test' } as const

function Failures({ failures }: { readonly failures: HealthSummary['failures'] }) {
  return (
    <div className="part-foot">
      <h3>What stood in the way</h3>
      <ul className="why">
        {failures.slice(0, 6).map(({ kind, code, message, runs }) => (
          <li key={`${kind} ${code}`}>
            <span className="num strong">{`${formatCount(runs)}×`}</span>
            <span>
              {`${KINDS[kind]}: ${message}`} <span className="stamp mono">{code}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

import { useState } from 'react'
import type { BrokerView } from '../../../shared/contract/app.ts'
import type { Method } from '../../../shared/domain/broker.ts'
import { environmentWord } from '../../lib/format/index.ts'
import { environmentsOf } from '../../state/connect-steps.ts'
import { Guide } from '../../ui/AccountGuide.tsx'

/** The ways in as badges; the chosen one says what it needs and how long it lasts. */
export function MethodFacts({ broker }: { readonly broker: BrokerView }) {
  const ways = broker.methods.filter(({ method }) => method !== 'file')
  const [chosen, setChosen] = useState(ways[0]?.method)
  const info = ways.find(({ method }) => method === chosen) ?? ways[0]
  const where = environmentsOf(broker).filter(({ methods }) => info && methods.includes(info.method))
  return (
    <>
      {ways.length > 1 ? <Ways broker={broker} chosen={info?.method} onPick={setChosen} /> : null}
      {ways.length === 1 && info ? <span className="tag way">{info.label}</span> : null}
      {info ? (
        <dl className="tile-facts">
          <dt>Needs</dt>
          <dd>
            {info.needs}
            <Guide info={info} />
          </dd>
          <dt>Lasts</dt>
          <dd>{info.life}</dd>
          <dt>For</dt>
          <dd>{where.map(({ id }) => environmentWord(id)).join(', ')}</dd>
        </dl>
      ) : (
        <p className="sub">Nothing to connect here yet.</p>
      )}
      {(info?.note ?? broker.note) ? <p className="stamp">{info?.note ?? broker.note}</p> : null}
    </>
  )
}

interface WaysProps {
  readonly broker: BrokerView
  readonly chosen: Method | undefined
  readonly onPick: (method: Method) => void
}

function Ways({ broker, chosen, onPick }: WaysProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a fieldset's legend would repeat the card's heading
    <div className="row wrap ways" role="group" aria-label={`Ways in to ${broker.name}`}>
      {broker.methods
        .filter(({ method }) => method !== 'file')
        .map(({ method, label }) => (
          <button
            key={method}
            type="button"
            className={method === chosen ? 'chip on' : 'chip'}
            aria-pressed={method === chosen}
            onClick={() => onPick(method)}
          >
            {label}
          </button>
        ))}
    </div>
  )
}

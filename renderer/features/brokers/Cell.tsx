import type { BrokerView } from '../../../shared/contract/app.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { assetWords, formatDate } from '../../lib/format/index.ts'
import type { Column } from './sort.ts'

/** What a broker says in one column. */
export function Cell({ broker, column }: { readonly broker: BrokerView; readonly column: Column }) {
  const { facts } = broker
  switch (column) {
    case 'name':
      return broker.name
    case 'assets':
      return assetWords(facts.assetClasses)
    case 'oauth':
      return facts.oauth
    case 'life':
      return facts.tokenLife
    case 'again':
      return facts.signInAgain
    case 'rate':
      return <span className="num">{facts.rateLimit}</span>
    case 'paper':
      return facts.paper
    case 'fees':
      return <Sourced fact={facts.fees} />
    case 'rating':
      return facts.rating ? <Sourced fact={facts.rating} /> : <span className="stamp">None with a source</span>
  }
}

function Sourced({ fact }: { readonly fact: BrokerView['facts']['fees'] }) {
  if (fact.text === '') return <span className="stamp">Not stated</span>
  const day = LocalDate.is(fact.asOf) ? formatDate(LocalDate.of(fact.asOf)) : fact.asOf
  return (
    <>
      {fact.text}
      <span className="source stamp">
        {fact.source.startsWith('https:') ? (
          <a href={fact.source} target="_blank" rel="noreferrer noopener">
            {new URL(fact.source).host.replace(/^www\./, '')}
          </a>
        ) : (
          fact.source
        )}
        {day ? `${fact.source === '' ? '' : ', '}${day}` : ''}
      </span>
    </>
  )
}

import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { dayOf, formatDate } from '../../lib/format/index.ts'
import { useMethodLabel } from '../../state/app.ts'
import { Icon } from '../../ui/icons.tsx'

/** Every way in of a connection that has several, each with what troubles it. One alone says it all on the token line. */
export function WaysIn({ connection }: { readonly connection: ConnectionView }) {
  const [first, second] = connection.methods
  if (!first || (!second && first.trouble === null)) return null
  if (!second && first.trouble?.message === connection.trouble?.message) return null
  return (
    <ul className="ways-in" aria-label="Ways in">
      {connection.methods.map(way => (
        <WayLine key={way.method} connection={connection} way={way} />
      ))}
    </ul>
  )
}

interface LineProps {
  readonly connection: ConnectionView
  readonly way: ConnectionView['methods'][number]
}

function WayLine({ connection, way }: LineProps) {
  const label = useMethodLabel(connection.broker, way.method)
  const { trouble, expiresAt } = way
  return (
    <li>
      <span className={trouble ? 'warn' : 'good'}>
        <Icon name={trouble ? 'warn' : 'check'} />
      </span>
      <span className="grow">
        <span className="row between wrap">
          <span>{label}</span>
          <span className="stamp">{trouble ? 'not working' : expiresAt ? `until ${formatDate(dayOf(expiresAt))}` : 'working'}</span>
        </span>
        {trouble ? (
          <span className="sub">
            {trouble.message} {trouble.action}
          </span>
        ) : null}
      </span>
    </li>
  )
}

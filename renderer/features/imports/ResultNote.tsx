import { formatCount, plural } from '../../lib/format/index.ts'
import { setFilter } from '../../state/history.ts'
import { type Stage, startOver } from '../../state/imports.ts'
import { go } from '../../state/route.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/icons.tsx'

/** What an import did, and where to look next. */
export function ResultNote({ stage }: { readonly stage: Extract<Stage, { kind: 'done' }> }) {
  const { result } = stage
  const seeHistory = () => {
    void setFilter({ accountId: result.accountId })
    go('history')
  }
  const there = result.counts.alreadyThere
  return (
    <output className="note passed">
      <span className="good">
        <Icon name="check" />
      </span>
      <div className="grow stack">
        <p>
          <span className="strong">{result.added === 0 ? 'Nothing new.' : `${plural(result.added, 'row')} imported.`}</span>{' '}
          {there > 0 ? `${formatCount(there)} ${there === 1 ? 'was' : 'were'} there already and stayed as they were.` : ''}
        </p>
        <div className="row wrap">
          <Button variant="primary" onClick={seeHistory}>
            See the history
          </Button>
          <Button onClick={startOver}>Import another file</Button>
        </div>
      </div>
    </output>
  )
}

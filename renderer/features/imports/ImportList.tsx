import { useState } from 'react'
import { assertNever } from '../../lib/assert-never.ts'
import { formatExact, formatMoment } from '../../lib/format/index.ts'
import { useBrokerName } from '../../state/app.ts'
import { useNow } from '../../state/clock.ts'
import { accountIndex, useConnections } from '../../state/connections.ts'
import { type ImportLine, refreshImports, useImports } from '../../state/imports.ts'
import { BrokerMark } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { EmptyState, ErrorNote, Skeletons, StaleNote } from '../../ui/notes.tsx'
import { UndoDialog } from './UndoDialog.tsx'
import { whatItAdded } from './verdicts.ts'

/** What was imported before; each import can be taken back as a whole. */
export function ImportList() {
  const list = useImports(state => state.list)
  const now = useNow(30)
  return (
    <section className="stack" aria-labelledby="imports-heading">
      <h2 id="imports-heading">Imported so far</h2>
      {(() => {
        switch (list.status) {
          case 'idle':
          case 'loading':
            return <Skeletons heights={[44, 44]} label="Loading the imports" />
          case 'failed':
            return <ErrorNote error={list.error} onRetry={() => void refreshImports()} />
          case 'ready':
            return (
              <>
                {list.problem ? (
                  <StaleNote error={list.problem} readAt={list.readAt} now={now} onRetry={() => void refreshImports()} />
                ) : null}
                <Lines lines={list.data} stale={list.problem !== null} />
              </>
            )
          default:
            return assertNever(list)
        }
      })()}
    </section>
  )
}

function Lines({ lines, stale }: { readonly lines: readonly ImportLine[]; readonly stale: boolean }) {
  const [asked, setAsked] = useState<ImportLine | null>(null)
  if (lines.length === 0) {
    return (
      <div className="panel">
        <EmptyState icon="import" title="Nothing imported yet">
          Every import is listed here with its rows, and can be taken back as a whole.
        </EmptyState>
      </div>
    )
  }
  return (
    <>
      <ul className={stale ? 'panel import-list stale' : 'panel import-list'}>
        {lines.map(line => (
          <Line key={line.id} line={line} onUndo={() => setAsked(line)} />
        ))}
      </ul>
      {asked ? <UndoDialog line={asked} onClose={() => setAsked(null)} /> : null}
    </>
  )
}

function Line({ line, onUndo }: { readonly line: ImportLine; readonly onUndo: () => void }) {
  const now = useNow(30)
  const broker = useBrokerName(line.broker)
  const connections = useConnections(state => state.list)
  const account = accountIndex(connections).get(line.accountId)?.account
  return (
    <li className={line.undoneAt === null ? undefined : 'undone'}>
      <BrokerMark broker={line.broker} small />
      <div className="grow">
        <p className="strong break">{line.fileName}</p>
        <p className="stamp" title={formatExact(line.createdAt)}>
          {`${account ? `${broker}, ${account.name} ${account.maskedNumber}` : broker}. ${whatItAdded(line)} ${formatMoment(line.createdAt, now)}. ${line.format}.`}
        </p>
      </div>
      {line.undoneAt === null ? null : (
        <span className="tag" title={formatExact(line.undoneAt)}>
          Undone
        </span>
      )}
      {line.undoable ? (
        <Button icon="undo" onClick={onUndo} aria-label={`Undo the import of ${line.fileName}`}>
          Undo
        </Button>
      ) : null}
    </li>
  )
}

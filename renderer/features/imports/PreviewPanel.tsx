import { useState } from 'react'
import { formatCount, formatRange, plural } from '../../lib/format/index.ts'
import { type Preview, type Stage, useImports, type Verdict } from '../../state/imports.ts'
import { EmptyState, ErrorNote } from '../../ui/notes.tsx'
import { Decision } from './Decision.tsx'
import { PreviewNotes } from './PreviewNotes.tsx'
import { PreviewTable } from './PreviewTable.tsx'
import { countOf, rowsOf, VERDICT_WORDS, VERDICTS } from './verdicts.ts'

/** What importing the file would do, row by row, and the decision. */
export function PreviewPanel({ stage }: { readonly stage: Extract<Stage, { kind: 'preview' }> }) {
  const { preview, saving, error } = stage
  const [filter, setFilter] = useState<Verdict | null>(null)
  const file = useImports(state => state.draft.file?.name ?? '')
  const shown = rowsOf(preview, filter)
  return (
    <section className="panel preview" aria-label="Preview of the import">
      <div className="panel-pad stack">
        <div>
          <h2 className="break">{file}</h2>
          <p className="sub">{`${preview.format}, ${plural(preview.total, 'row')}${span(preview)}. Nothing is imported yet.`}</p>
        </div>
        <PreviewNotes preview={preview} />
        <VerdictFilter preview={preview} filter={filter} onFilter={setFilter} />
      </div>
      {shown.length === 0 ? (
        <EmptyState icon="file" title="No rows">
          {preview.total === 0 ? 'The file has a header but no rows.' : emptyWords(preview, filter)}
        </EmptyState>
      ) : (
        <PreviewTable rows={shown} />
      )}
      {preview.rows.length < preview.total ? (
        <p className="stamp cut-note">{`The first ${formatCount(preview.rows.length)} rows are shown, those that need a look before all others. The import takes every row.`}</p>
      ) : null}
      <div className="panel-pad stack decision">
        {error ? <ErrorNote error={error} /> : null}
        <Decision preview={preview} saving={saving} />
      </div>
    </section>
  )
}

function span({ from, to }: Preview): string {
  return from && to ? `, ${formatRange(from, to)}` : ''
}

function emptyWords(preview: Preview, filter: Verdict | null): string {
  const count = filter === null ? 0 : countOf(preview, filter)
  return count === 0 ? 'No row of the file has this verdict.' : `${plural(count, 'row')}, none of them among the rows shown.`
}

interface FilterProps {
  readonly preview: Preview
  readonly filter: Verdict | null
  readonly onFilter: (filter: Verdict | null) => void
}

function VerdictFilter({ preview, filter, onFilter }: FilterProps) {
  return (
    <div className="stack">
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- toggles in a row, not the fields of a form */}
      <div className="row wrap ways" role="group" aria-label="Show rows by verdict">
        <button
          type="button"
          className={filter === null ? 'chip on' : 'chip'}
          aria-pressed={filter === null}
          onClick={() => onFilter(null)}
        >
          All <span className="num">{formatCount(preview.total)}</span>
        </button>
        {VERDICTS.map(verdict => (
          <button
            key={verdict}
            type="button"
            className={filter === verdict ? 'chip on' : 'chip'}
            aria-pressed={filter === verdict}
            onClick={() => onFilter(filter === verdict ? null : verdict)}
          >
            {VERDICT_WORDS[verdict].word} <span className="num">{formatCount(countOf(preview, verdict))}</span>
          </button>
        ))}
      </div>
      <p className="stamp" aria-live="polite">
        {filter === null ? 'Only new rows are added. What is there is never changed.' : VERDICT_WORDS[filter].meaning}
      </p>
    </div>
  )
}

import { plural } from '../../lib/format/index.ts'
import type { Preview } from '../../state/imports.ts'
import { Icon } from '../../ui/icons.tsx'

/** What the user should know of the file before deciding: columns Keelson does not know, and what was left out. */
export function PreviewNotes({ preview }: { readonly preview: Preview }) {
  const { unknownColumns, notes, importedBefore } = preview
  if (unknownColumns.length === 0 && notes.length === 0 && !importedBefore) return null
  return (
    <div className="note warn">
      <Icon name="info" />
      <div className="grow stack">
        {importedBefore ? <p className="lead">This very file was imported before.</p> : null}
        {unknownColumns.length > 0 ? (
          <div className="stack">
            <p>
              <span className="lead">{`${plural(unknownColumns.length, 'column')} Keelson does not know. `}</span>
              Their text is kept with each row and used for nothing.
            </p>
            <ul className="row wrap" aria-label="Unknown columns">
              {unknownColumns.map(header => (
                <li key={header} className="tag break">
                  {header}
                </li>
              ))}
            </ul>
          </div>
        ) : null}
        {notes.map(note => (
          <p key={note}>{note}</p>
        ))}
      </div>
    </div>
  )
}

import { useState } from 'react'
import { plural } from '../../lib/format/index.ts'
import { backToChoosing, commitPreview, type Preview } from '../../state/imports.ts'
import { Button } from '../../ui/Button.tsx'
import { decisionOn } from './verdicts.ts'

interface DecisionProps {
  readonly preview: Preview
  readonly saving: boolean
}

/** What to import of the file; one that names another account only once the user says so. */
export function Decision({ preview, saving }: DecisionProps) {
  const [withUnknown, setWithUnknown] = useState(false)
  const [withConflicts, setWithConflicts] = useState(false)
  const [otherAccount, setOtherAccount] = useState(false)
  const { unknown } = preview.counts
  const conflicts = preview.addableConflicts
  const { count, ready, word } = decisionOn(preview, { withUnknown, withConflicts, otherAccount })
  const decided = {
    include: withUnknown ? 'new-and-unknown' : 'new',
    addConflicts: withConflicts,
    acceptOtherAccount: otherAccount,
  } as const
  return (
    <>
      {unknown > 0 ? (
        <Check checked={withUnknown} onCheck={setWithUnknown}>
          {`Keep the ${plural(unknown, 'unknown row')} too, as written, without counting ${unknown === 1 ? 'it' : 'them'}.`}
        </Check>
      ) : null}
      {conflicts > 0 ? (
        <Check checked={withConflicts} onCheck={setWithConflicts}>
          {`Add the ${plural(conflicts, 'row')} in conflict too, beside what the history says. Only if both happened.`}
        </Check>
      ) : null}
      {preview.accountMismatch ? (
        <Check checked={otherAccount} onCheck={setOtherAccount}>
          The file names another account. Its rows belong into the chosen one all the same.
        </Check>
      ) : null}
      <div className="row wrap">
        <Button large variant="primary" busy={saving} disabled={!ready} onClick={() => void commitPreview(decided)}>
          {saving ? 'Importing' : word}
        </Button>
        <Button large disabled={saving} onClick={backToChoosing}>
          Discard
        </Button>
        {count > 0 ? <span className="hint">A whole import can be taken back later.</span> : null}
      </div>
    </>
  )
}

interface CheckProps {
  readonly checked: boolean
  readonly onCheck: (on: boolean) => void
  readonly children: string
}

function Check({ checked, onCheck, children }: CheckProps) {
  return (
    <label className="row check">
      <input type="checkbox" checked={checked} onChange={event => onCheck(event.currentTarget.checked)} />
      <span>{children}</span>
    </label>
  )
}

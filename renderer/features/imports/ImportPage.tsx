import { useEffect } from 'react'
import { refreshImports, useImports } from '../../state/imports.ts'
import { assertNever } from '../../lib/assert-never.ts'
import { Skeletons } from '../../ui/notes.tsx'
import { ChooseForm } from './ChooseForm.tsx'
import { ImportList } from './ImportList.tsx'
import { PreviewPanel } from './PreviewPanel.tsx'
import { ResultNote } from './ResultNote.tsx'

/** History from files: choose, look at what it would do, import, take it back. */
export function ImportPage() {
  useEffect(() => {
    void refreshImports()
  }, [])
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>Import</h1>
          <p className="sub">History from a file: for accounts without a connection, and for years a broker’s connection does not give.</p>
        </div>
      </div>
      <Stage />
      <ImportList />
    </div>
  )
}

function Stage() {
  const stage = useImports(state => state.stage)
  switch (stage.kind) {
    case 'choosing':
      return <ChooseForm error={stage.error} />
    case 'reading':
      return (
        <section className="panel panel-pad">
          <Skeletons heights={[22, 26, 22, 22, 22, 22]} label="Reading the file" />
        </section>
      )
    case 'preview':
      return <PreviewPanel stage={stage} />
    case 'done':
      return <ResultNote stage={stage} />
    default:
      return assertNever(stage)
  }
}

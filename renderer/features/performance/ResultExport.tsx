import { plural } from '../../lib/format/index.ts'
import { errorViewOf, isCanceled } from '../../state/failure.ts'
import { type ExportWhat, exportLedger } from '../../state/ledger-export.ts'
import { usePerformance } from '../../state/performance.ts'
import { dataOf } from '../../state/remote.ts'
import { toast, toastError } from '../../state/toast.ts'
import { ExportMenu } from '../../ui/ExportMenu.tsx'

const WHAT: readonly { readonly what: ExportWhat; readonly label: string }[] = [
  { what: 'realizations', label: 'Closed lots' },
  { what: 'trips', label: 'Round trips' },
  { what: 'days', label: 'Results by day' },
]
const OPTIONS = WHAT.flatMap(({ what, label }) => [
  { value: `${what} csv`, label, hint: 'CSV' },
  { value: `${what} json`, label, hint: 'JSON' },
])

/** Writes results into a file, with the filters that are set. */
export function ResultExport() {
  const empty = usePerformance(state => (dataOf(state.totals)?.length ?? 0) === 0)
  return <ExportMenu options={OPTIONS} disabled={empty} onRun={run} />
}

async function run(value: string, signal: AbortSignal, onRows: (rows: number) => void) {
  const [name] = value.split(' ')
  const chosen = WHAT.find(({ what }) => what === name)
  if (!chosen) return
  try {
    const { filter } = usePerformance.getState()
    const saved = await exportLedger({ what: chosen.what, format: value.endsWith('csv') ? 'csv' : 'json', filter }, signal, onRows)
    if (saved) toast(`${plural(saved.rows, 'row')} written to ${saved.name}, with the filters that are set.`, `${chosen.label} exported`)
  } catch (error) {
    if (!isCanceled(error)) toastError(errorViewOf(error))
  }
}

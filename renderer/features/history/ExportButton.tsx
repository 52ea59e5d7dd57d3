import { useEffect, useRef, useState } from 'react'
import { errorViewOf, isCanceled } from '../../state/failure.ts'
import { harmlessCsv } from '../../lib/csv.ts'
import { dayOf, formatCount, plural } from '../../lib/format/index.ts'
import { now } from '../../state/clock.ts'
import { checkLength, saveText } from '../../state/files.ts'
import { exportParts, useHistory } from '../../state/history.ts'
import { dataOf } from '../../state/remote.ts'
import { Button } from '../../ui/Button.tsx'
import { point, useSurface } from '../../state/surface.ts'
import { toast, toastError } from '../../state/toast.ts'

/** Writes what the filters show into one CSV file; a second click stops it. */
export function ExportButton() {
  const [rows, setRows] = useState<number | null>(null)
  const running = useRef<AbortController>(null)
  const empty = useHistory(state => (dataOf(state.pages)?.rows.length ?? 0) === 0)

  const pointed = useSurface(state => state.pointed === 'export')
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!pointed || empty) return
    button.current?.focus()
    point(null)
  }, [pointed, empty])
  // Whoever goes elsewhere meanwhile is not led here later.
  useEffect(() => () => point(null), [])

  async function run() {
    const mine = new AbortController()
    running.current = mine
    setRows(0)
    try {
      const parts: string[] = []
      let done = 0
      let characters = 0
      for await (const part of exportParts(useHistory.getState().filter, mine.signal)) {
        const text = harmlessCsv(part.text)
        characters += text.length
        checkLength(characters)
        parts.push(text)
        done += part.rows
        setRows(done)
      }
      const saved = await saveText({ name: `keelson-history-${dayOf(now())}.csv`, parts, type: 'text/csv;charset=utf-8' })
      if (saved !== null) toast(`${plural(done, 'row')} written to ${saved}, with the filters that are set.`, 'History exported')
    } catch (error) {
      if (!isCanceled(error)) toastError(errorViewOf(error))
    }
    setRows(null)
  }

  if (rows !== null) return <Button onClick={() => running.current?.abort()}>{`Stop, ${formatCount(rows)} rows so far`}</Button>
  return (
    <Button icon="download" disabled={empty} ref={button} onClick={() => void run()}>
      Export CSV
    </Button>
  )
}

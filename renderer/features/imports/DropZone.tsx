import { useState } from 'react'
import { decodeText } from '../../lib/file-text.ts'
import { formatBytes, plural } from '../../lib/format/index.ts'
import { useDesktopHere } from '../../state/desktop.ts'
import { errorViewOf } from '../../state/failure.ts'
import { type ChosenFile, chooseFiles } from '../../state/files.ts'
import type { Draft } from '../../state/imports.ts'
import { Icon } from '../../ui/icons.tsx'

interface ZoneProps {
  readonly id: string
  readonly file: Draft['file']
  readonly onChoose: (file: Draft['file']) => void
}

interface Hint {
  readonly text: string
  readonly bad: boolean
}

const KINDS: Hint = { text: 'CSV, OFX, QFX, IBKR Flex XML or activity CSV, thinkorswim statement, TD Ameritrade JSON.', bad: false }
const REFUSED: Hint = { text: 'This file cannot be read. Choose it again, or another one.', bad: true }

/** Takes a file by drag and drop or by the system's own dialog; the field itself lies over the whole zone and takes both. */
export function DropZone({ id, file, onChoose }: ZoneProps) {
  const [over, setOver] = useState(false)
  const [hint, setHint] = useState<Hint | null>(null)
  const isHere = useDesktopHere() !== null
  function put({ name, bytes }: ChosenFile, others = 0) {
    onChoose({ name, text: decodeText(bytes), bytes: bytes.length })
    setHint(others === 0 ? null : { text: `One file at a time: choose the other ${plural(others, 'file')} after it.`, bad: false })
  }
  async function take(chosen: File | undefined) {
    if (!chosen) return
    try {
      put({ name: chosen.name, bytes: new Uint8Array(await chosen.arrayBuffer()) })
    } catch {
      setHint(REFUSED)
    }
  }
  async function ask() {
    try {
      const [first, ...others] = await chooseFiles()
      if (first) put(first, others.length)
    } catch (failure) {
      const { message, action } = errorViewOf(failure)
      setHint({ text: `${message} ${action}`, bad: true })
    }
  }
  const usual = file ? { text: `${formatBytes(file.bytes)}. Drop or choose another to replace it.`, bad: false } : KINDS
  const shown = hint ?? usual
  return (
    <label htmlFor={id} className={over ? 'drop over' : 'drop'}>
      <Icon name={file ? 'file' : 'import'} />
      <span className="grow">
        <span className="strong break">{file ? file.name : 'Drop a file here, or choose one'}</span>
        <span className={shown.bad ? 'bad' : 'sub'} aria-live="polite">
          {shown.text}
        </span>
      </span>
      <input
        id={id}
        type="file"
        accept=".csv,.txt,.ofx,.qfx,.xml,.json"
        aria-label="File to import"
        onClick={event => {
          if (!isHere) return
          event.preventDefault()
          void ask()
        }}
        onDragEnter={() => setOver(true)}
        onDragLeave={() => setOver(false)}
        onDrop={() => setOver(false)}
        onChange={event => {
          void take(event.currentTarget.files?.[0])
          event.currentTarget.value = ''
        }}
      />
    </label>
  )
}

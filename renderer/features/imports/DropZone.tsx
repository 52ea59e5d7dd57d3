import { useState } from 'react'
import { decodeText } from '../../lib/file-text.ts'
import { formatBytes } from '../../lib/format/index.ts'
import type { Draft } from '../../state/imports.ts'
import { Icon } from '../../ui/icons.tsx'

interface ZoneProps {
  readonly id: string
  readonly file: Draft['file']
  readonly onChoose: (file: Draft['file']) => void
}

/** Takes a file by drag and drop or by the system's own dialog; the field itself lies over the whole zone and takes both. */
export function DropZone({ id, file, onChoose }: ZoneProps) {
  const [over, setOver] = useState(false)
  const [refused, setRefused] = useState(false)
  async function take(chosen: File | undefined) {
    if (!chosen) return
    try {
      const bytes = new Uint8Array(await chosen.arrayBuffer())
      onChoose({ name: chosen.name, text: decodeText(bytes), bytes: bytes.length })
      setRefused(false)
    } catch {
      setRefused(true)
    }
  }
  return (
    <label htmlFor={id} className={over ? 'drop over' : 'drop'}>
      <Icon name={file ? 'file' : 'import'} />
      <span className="grow">
        <span className="strong break">{file ? file.name : 'Drop a file here, or choose one'}</span>
        <span className="sub">
          {refused
            ? 'This file cannot be read. Choose it again, or another one.'
            : file
              ? `${formatBytes(file.bytes)}. Drop or choose another to replace it.`
              : 'CSV, OFX, QFX, IBKR Flex XML or activity CSV, thinkorswim statement, TD Ameritrade JSON.'}
        </span>
      </span>
      <input
        id={id}
        type="file"
        accept=".csv,.txt,.ofx,.qfx,.xml,.json"
        aria-label="File to import"
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

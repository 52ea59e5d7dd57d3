import { Menu } from '@mantine/core'
import { useRef, useState } from 'react'
import { formatCount } from '../lib/format/index.ts'
import { Button } from './Button.tsx'

interface ExportMenuProps<T extends string> {
  readonly options: readonly { readonly value: T; readonly label: string; readonly hint: string }[]
  readonly disabled?: boolean
  /** Does the work; tells how many rows there are so far. Must not reject. */
  readonly onRun: (value: T, signal: AbortSignal, onRows: (rows: number) => void) => Promise<void>
}

/** What to write into a file; while it is written the button stops it. */
export function ExportMenu<T extends string>({ options, disabled = false, onRun }: ExportMenuProps<T>) {
  const [rows, setRows] = useState<number | null>(null)
  const running = useRef<AbortController>(null)
  async function run(value: T) {
    const mine = new AbortController()
    running.current = mine
    setRows(0)
    await onRun(value, mine.signal, setRows)
    setRows(null)
  }
  if (rows !== null) return <Button onClick={() => running.current?.abort()}>{`Stop, ${formatCount(rows)} rows so far`}</Button>
  return (
    <Menu position="bottom-end" loop>
      <Menu.Target>
        <Button icon="download" disabled={disabled}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {options.map(({ value, label, hint }) => (
          <Menu.Item key={value} onClick={() => void run(value)}>
            {label} <span className="stamp">{hint}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a combobox of rows with icons cannot be a native select */
import { Modal } from '@mantine/core'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { FocusReturn } from './focus-return.ts'
import { Icon, type IconName } from './icons.tsx'

export interface Command {
  readonly id: string
  readonly group: string
  readonly label: string
  readonly hint?: string
  readonly icon: IconName
  readonly run: () => void
}

/** Commands whose words all occur in the label, group or hint; the group of the best fit comes first, groups stay together. */
export function matching(commands: readonly Command[], text: string): Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const hay = (command: Command) => `${command.label} ${command.group} ${command.hint ?? ''}`.toLowerCase()
  const found = commands.filter(command => words.every(word => hay(command).includes(word)))
  const first = words[0]
  if (first === undefined) return found
  const rank = (command: Command) => (command.label.toLowerCase().startsWith(first) ? 0 : 1)
  const ranked = found.toSorted((a, b) => rank(a) - rank(b))
  return [...Map.groupBy(ranked, command => command.group).values()].flat()
}

interface PaletteProps {
  readonly open: boolean
  readonly commands: readonly Command[]
  /** Offers something for the text itself, such as searching the history for it. */
  readonly forText?: (text: string) => Command[]
  readonly onClose: () => void
}

/** Every action, symbol and account, by typing. */
export function CommandPalette({ open, onClose, ...rest }: PaletteProps) {
  return (
    <Modal.Root opened={open} onClose={onClose} size={600} yOffset="12vh" transitionProps={{ duration: 120, transition: 'fade' }}>
      <Modal.Overlay />
      <Modal.Content aria-label="Search symbols, accounts and actions">
        <FocusReturn />
        <PaletteBody onClose={onClose} {...rest} />
      </Modal.Content>
    </Modal.Root>
  )
}

function PaletteBody({ commands, forText, onClose }: Omit<PaletteProps, 'open'>) {
  const [text, setText] = useState('')
  const [index, setIndex] = useState(0)
  const listId = useId()
  const list = useRef<HTMLDivElement>(null)
  const shown = [...matching(commands, text), ...(text.trim() && forText ? forText(text.trim()) : [])].slice(0, 60)
  const active = Math.min(index, Math.max(0, shown.length - 1))

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [active, text])

  function run(command: Command | undefined) {
    if (!command) return
    onClose()
    command.run()
  }

  function onKeyDown(event: KeyboardEvent) {
    const last = shown.length - 1
    const target = {
      ArrowDown: active === last ? 0 : active + 1,
      ArrowUp: active === 0 ? last : active - 1,
      PageDown: Math.min(last, active + 8),
      PageUp: Math.max(0, active - 8),
    }[event.key]
    if (target !== undefined) {
      event.preventDefault()
      setIndex(target)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      run(shown[active])
    }
  }

  return (
    <div className="palette">
      <div className="palette-input">
        <Icon name="search" />
        <input
          data-autofocus
          value={text}
          placeholder="Search symbols, accounts, actions"
          aria-label="Search symbols, accounts, actions"
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={shown[active] ? `${listId}-${active}` : undefined}
          autoComplete="off"
          spellCheck={false}
          onChange={event => {
            setText(event.currentTarget.value)
            setIndex(0)
          }}
          onKeyDown={onKeyDown}
        />
        <kbd>Esc</kbd>
      </div>
      <div className="palette-list" id={listId} role="listbox" aria-label="Results" ref={list}>
        {shown.length === 0 ? (
          <div className="palette-none" role="option" aria-selected="false" aria-disabled="true">
            Nothing found. Try a symbol, an account or an action.
          </div>
        ) : null}
        {shown.map((command, at) => (
          <PaletteItem
            key={command.id}
            id={`${listId}-${at}`}
            command={command}
            selected={at === active}
            heading={shown[at - 1]?.group === command.group ? null : command.group}
            onPoint={() => setIndex(at)}
            onRun={() => run(command)}
          />
        ))}
      </div>
    </div>
  )
}

interface ItemProps {
  readonly id: string
  readonly command: Command
  readonly selected: boolean
  readonly heading: string | null
  readonly onPoint: () => void
  readonly onRun: () => void
}

function PaletteItem({ id, command, selected, heading, onPoint, onRun }: ItemProps) {
  return (
    <>
      {heading ? (
        <div className="palette-group" role="presentation">
          {heading}
        </div>
      ) : null}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the text field keeps the focus and handles the keys */}
      <div id={id} className="palette-item" role="option" aria-selected={selected} onPointerMove={onPoint} onClick={onRun}>
        <Icon name={command.icon} />
        <span className="clip">{command.label}</span>
        {command.hint ? <span className="stamp nowrap">{command.hint}</span> : null}
      </div>
    </>
  )
}

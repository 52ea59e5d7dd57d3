import { Menu, Popover } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Icon } from './icons.tsx'

interface ChipShape {
  /** What the filter is about; shown while it is off. */
  readonly label: string
  /** What it is set to, in words; null while it is off. */
  readonly value: string | null
  readonly onClear: () => void
}

function Clear({ label, onClear }: Pick<ChipShape, 'label' | 'onClear'>) {
  return (
    <button type="button" className="chip on" aria-label={`Clear ${label.toLowerCase()}`} onClick={onClear}>
      <Icon name="close" />
    </button>
  )
}

export interface Option {
  readonly value: string
  readonly label: string
  readonly hint?: string
}

interface OptionChipProps extends ChipShape {
  readonly options: readonly Option[]
  readonly selected: readonly string[]
  readonly multiple?: boolean
  readonly onChange: (values: string[]) => void
}

/** A filter chosen from a menu: one value, or several. */
export function OptionChip({ label, value, onClear, options, selected, multiple = false, onChange }: OptionChipProps) {
  const inside = (option: Option) => (
    <>
      {option.label}
      {option.hint ? <span className="stamp"> {option.hint}</span> : null}
    </>
  )
  return (
    <span className="chip-pair">
      <Menu position="bottom-start" loop>
        <Menu.Target>
          <button type="button" className={value === null ? 'chip' : 'chip on'}>
            <span className="clip">
              {value === null ? (
                label
              ) : (
                <>
                  <span className="hidden-text">{label}: </span>
                  {value}
                </>
              )}
            </span>
            {value === null ? <Icon name="down" /> : null}
          </button>
        </Menu.Target>
        <Menu.Dropdown mah={360} style={{ overflow: 'auto' }}>
          {options.length === 0 ? <Menu.Label>Nothing to choose yet</Menu.Label> : null}
          {multiple ? (
            <Menu.CheckboxGroup value={[...selected]} onChange={onChange}>
              {options.map(option => (
                <Menu.CheckboxItem key={option.value} value={option.value}>
                  {inside(option)}
                </Menu.CheckboxItem>
              ))}
            </Menu.CheckboxGroup>
          ) : (
            <Menu.RadioGroup value={selected[0] ?? ''} onChange={next => onChange([next])}>
              {options.map(option => (
                <Menu.RadioItem key={option.value} value={option.value} closeMenuOnClick>
                  {inside(option)}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          )}
        </Menu.Dropdown>
      </Menu>
      {value === null ? null : <Clear label={label} onClear={onClear} />}
    </span>
  )
}

/** A filter entered in a small form. */
export function FormChip({ label, value, onClear, children }: ChipShape & { readonly children: (close: () => void) => ReactNode }) {
  const [open, setOpen] = useState(false)
  return (
    <span className="chip-pair">
      <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus returnFocus width={270}>
        <Popover.Target>
          <button type="button" className={value === null ? 'chip' : 'chip on'} onClick={() => setOpen(!open)}>
            <span className="clip">
              {value === null ? (
                label
              ) : (
                <>
                  <span className="hidden-text">{label}: </span>
                  {value}
                </>
              )}
            </span>
            {value === null ? <Icon name="down" /> : null}
          </button>
        </Popover.Target>
        <Popover.Dropdown aria-label={label}>{children(() => setOpen(false))}</Popover.Dropdown>
      </Popover>
      {value === null ? null : <Clear label={label} onClear={onClear} />}
    </span>
  )
}

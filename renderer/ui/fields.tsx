import { type ComponentProps, useState } from 'react'
import { Segments } from './Segments.tsx'

interface FieldProps {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly hint?: string
  /** What is wrong with it, as a sentence. */
  readonly problem?: string | undefined
  readonly optional?: boolean
  /** Takes the focus when its dialog opens. */
  readonly first?: boolean
  readonly readOnly?: boolean
  readonly numeric?: boolean
  readonly onChange: (value: string) => void
  readonly onBlur?: (() => void) | undefined
}

/** A line of text that is not a secret. */
export function TextField(props: FieldProps) {
  return (
    <Frame {...props}>
      <Input {...props} type="text" />
    </Frame>
  )
}

/** A day of the calendar. */
export function DayField(props: FieldProps) {
  return (
    <Frame {...props}>
      <Input {...props} type="date" />
    </Frame>
  )
}

/** A secret: masked until the user looks at it, never remembered by the browser. */
export function SecretField(props: FieldProps) {
  const [shown, setShown] = useState(false)
  return (
    <Frame {...props}>
      <span className="secret">
        <Input {...props} type={shown ? 'text' : 'password'} forgets />
        <button
          type="button"
          className="btn"
          aria-pressed={shown}
          aria-label={`Show ${props.label.toLowerCase()}`}
          onClick={() => setShown(!shown)}
        >
          {shown ? 'Hide' : 'Show'}
        </button>
      </span>
    </Frame>
  )
}

interface SelectProps extends Pick<FieldProps, 'id' | 'label' | 'value' | 'hint' | 'onChange'> {
  readonly options: readonly { readonly value: string; readonly label: string }[]
  /** Shown, and not to be chosen again, while nothing is chosen. */
  readonly none?: string
  readonly disabled?: boolean
}

/** One of a list. */
export function SelectField({ id, label, value, hint, options, none, disabled = false, onChange }: SelectProps) {
  return (
    <Frame id={id} label={label} value={value} onChange={onChange} {...(hint ? { hint } : {})}>
      <select
        id={id}
        className="input"
        value={value}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={event => onChange(event.currentTarget.value)}
      >
        {none && value === '' ? <option value="">{none}</option> : null}
        {options.map(option => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Frame>
  )
}

interface CheckProps extends Pick<FieldProps, 'id' | 'label' | 'hint'> {
  readonly checked: boolean
  readonly disabled?: boolean
  readonly onChange: (checked: boolean) => void
}

/** Yes or no. */
export function CheckField({ id, label, hint, checked, disabled = false, onChange }: CheckProps) {
  return (
    <div className="field check-field">
      <label htmlFor={id} className="row check">
        <input
          id={id}
          type="checkbox"
          checked={checked}
          disabled={disabled}
          aria-describedby={hint ? `${id}-hint` : undefined}
          onChange={event => onChange(event.currentTarget.checked)}
        />
        <span>{label}</span>
      </label>
      {hint ? (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      ) : null}
    </div>
  )
}

/** A time of day. */
export function TimeField(props: FieldProps) {
  return (
    <Frame {...props}>
      <Input {...props} type="time" />
    </Frame>
  )
}

interface ChoiceProps extends Pick<FieldProps, 'id' | 'label' | 'value' | 'hint' | 'onChange'> {
  readonly words: readonly string[]
}

/** One of a few words, side by side. */
export function ChoiceField({ id, label, value, hint, words, onChange }: ChoiceProps) {
  const options = words.map(word => ({ value: word, label: word.charAt(0).toUpperCase() + word.slice(1) }))
  return (
    <div className="field" id={id}>
      <span className="label" aria-hidden="true">
        {label}
      </span>
      <span>
        <Segments label={label} value={value} options={options} onChange={onChange} />
      </span>
      {hint ? <span className="hint">{hint}</span> : null}
    </div>
  )
}

function Frame({
  id,
  label,
  hint,
  problem,
  optional = false,
  children,
}: FieldProps & { readonly children: ComponentProps<'div'>['children'] }) {
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {optional ? <span className="hint"> optional</span> : null}
      </label>
      {children}
      {problem ? (
        <span className="hint bad" id={`${id}-problem`}>
          {problem}
        </span>
      ) : null}
      {hint ? (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      ) : null}
    </div>
  )
}

interface InputProps extends FieldProps {
  readonly type: string
  /** Nothing of it outlives it. */
  readonly forgets?: boolean
}

/** Empties a field as it goes: the page remembers for a while what had the focus, with all that stood in it. */
function emptied(input: HTMLInputElement) {
  return () => {
    input.value = ''
    input.removeAttribute('value')
  }
}

function Input({ id, value, hint, problem, first, readOnly, numeric, onChange, onBlur, type, forgets = false }: InputProps) {
  const described = [problem ? `${id}-problem` : '', hint ? `${id}-hint` : ''].filter(Boolean).join(' ')
  return (
    <input
      id={id}
      ref={forgets ? emptied : undefined}
      className="input mono"
      type={type}
      inputMode={numeric ? 'numeric' : undefined}
      value={value}
      autoComplete="off"
      spellCheck={false}
      autoCapitalize="off"
      maxLength={4096}
      readOnly={readOnly}
      data-autofocus={first || undefined}
      aria-invalid={problem ? true : undefined}
      aria-describedby={described || undefined}
      onChange={event => onChange(event.currentTarget.value)}
      onBlur={onBlur}
    />
  )
}

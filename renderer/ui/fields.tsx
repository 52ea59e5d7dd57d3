interface FieldProps {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly hint?: string
  /** Takes the focus when its dialog opens. */
  readonly first?: boolean
  readonly onChange: (value: string) => void
}

/** A line of text that is not a secret. */
export function TextField(props: FieldProps) {
  return <Field {...props} type="text" />
}

/** A secret: never shown, never remembered by the browser. */
export function SecretField(props: FieldProps) {
  return <Field {...props} type="password" />
}

function Field({ id, label, value, hint, first = false, onChange, type }: FieldProps & { readonly type: 'text' | 'password' }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input mono"
        type={type}
        value={value}
        autoComplete="off"
        spellCheck={false}
        autoCapitalize="off"
        maxLength={512}
        data-autofocus={first || undefined}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={event => onChange(event.currentTarget.value)}
      />
      {hint ? (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      ) : null}
    </div>
  )
}

import { Segments } from '../../ui/Segments.tsx'

const MOST = 5

/** How the user rates it, out of five; nothing while it is not rated. */
export function Rating({ value }: { readonly value: number | null }) {
  if (value === null) return null
  return (
    <span className="rating" title={`Rated ${value} of ${MOST}`}>
      <span aria-hidden="true">{`${'●'.repeat(value)}${'○'.repeat(MOST - value)}`}</span>
      <span className="hidden-text">{`Rated ${value} of ${MOST}`}</span>
    </span>
  )
}

const OPTIONS = [
  { value: '', label: 'None' },
  ...Array.from({ length: MOST }, (_, at) => ({ value: String(at + 1), label: String(at + 1) })),
]

/** Chooses a rating. */
export function RatingField({ value, onChange }: { readonly value: number | null; readonly onChange: (value: number | null) => void }) {
  return (
    <div className="field">
      <span className="label" aria-hidden="true">
        Rating
      </span>
      <span>
        <Segments
          label="Rating"
          value={value === null ? '' : String(value)}
          options={OPTIONS}
          onChange={next => onChange(next === '' ? null : Number(next))}
        />
      </span>
    </div>
  )
}

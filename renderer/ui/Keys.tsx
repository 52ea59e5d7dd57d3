import { spokenKey } from '../lib/keys.ts'

/** Keys as they are printed on the keyboard, with names a screen reader can say. */
export function Keys({ keys }: { readonly keys: readonly string[] }) {
  return (
    <span className="keycaps">
      {keys.map(key => (
        <kbd key={key} aria-hidden="true">
          {key}
        </kbd>
      ))}
      <span className="hidden-text">{keys.map(spokenKey).join(' ')}</span>
    </span>
  )
}

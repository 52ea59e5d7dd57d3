import { useEffect, useEffectEvent, useState } from 'react'

const PAUSE_MS = 200

interface SearchProps {
  readonly label: string
  readonly placeholder: string
  /** What is searched for now; undefined for nothing. */
  readonly value: string | undefined
  readonly onSearch: (wanted: string | undefined) => void
}

/** Words to search for: asked for after a pause in typing, and emptied when somebody clears the search elsewhere. */
export function SearchField({ label, placeholder, value, onSearch }: SearchProps) {
  const [text, setText] = useState(value ?? '')
  const [seen, setSeen] = useState(value)
  if (seen !== value) {
    setSeen(value)
    if ((value ?? '') !== text.trim()) setText(value ?? '')
  }
  const search = useEffectEvent((typed: string) => {
    const wanted = typed === '' ? undefined : typed
    if (wanted !== value) onSearch(wanted)
  })
  useEffect(() => {
    const timer = setTimeout(() => search(text.trim()), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <input
      className="input search"
      type="search"
      maxLength={100}
      placeholder={placeholder}
      aria-label={label}
      value={text}
      onChange={event => setText(event.currentTarget.value)}
    />
  )
}

import { type FormEvent, useEffect, useRef, useState } from 'react'
import { errorViewOf } from '../../state/failure.ts'
import { useSurface } from '../../state/surface.ts'
import { watch } from '../../state/watchlist.ts'
import { Button } from '../../ui/Button.tsx'

/** A line that takes a symbol; `n` leads to it. */
export function AddSymbol() {
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'n' || event.ctrlKey || event.metaKey || event.altKey || isTaken(event.target)) return
      event.preventDefault()
      event.stopImmediatePropagation()
      field.current?.focus()
    }
    window.addEventListener('keydown', onKeyDown, { capture: true })
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true })
  }, [])

  async function add(event: FormEvent) {
    event.preventDefault()
    if (text.trim() === '' || busy) return
    setBusy(true)
    setProblem(null)
    try {
      await watch(text.trim())
      setText('')
    } catch (error) {
      const { message, action } = errorViewOf(error)
      setProblem(`${message} ${action}`)
    }
    setBusy(false)
    field.current?.focus()
  }
  return (
    <form className="row add-symbol" onSubmit={event => void add(event)}>
      <input
        ref={field}
        className="input mono"
        aria-label="Symbol to watch"
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : 'watch-problem'}
        placeholder="Symbol"
        maxLength={40}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
      />
      <Button type="submit" icon="plus" busy={busy}>
        Watch
      </Button>
      {problem === null ? null : (
        <span className="hint bad" id="watch-problem" role="alert">
          {problem}
        </span>
      )}
    </form>
  )
}

function isTaken(target: EventTarget | null): boolean {
  if (useSurface.getState().open.kind !== 'none') return true
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

import { type FormEvent, useEffect, useRef, useState } from 'react'
import { errorViewOf } from '../../state/failure.ts'
import { useSurface } from '../../state/surface.ts'
import { watch } from '../../state/watchlist.ts'
import { Button } from '../../ui/Button.tsx'

/** A line that takes a symbol; `n` leads to it. */
export function AddSymbol() {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const before = useRef(Promise.resolve())
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

  async function add(symbol: string) {
    try {
      await watch(symbol)
    } catch (error) {
      const { message, action } = errorViewOf(error)
      setProblem(`${symbol}: ${message} ${action}`)
      setText(typed => (typed === '' ? symbol : typed))
    }
  }
  // The next one can be typed and entered while the one before is on its way.
  function enter(event: FormEvent) {
    event.preventDefault()
    const symbol = text.trim()
    if (symbol === '') return
    setText('')
    setProblem(null)
    before.current = before.current.then(() => add(symbol))
    field.current?.focus()
  }
  return (
    <form className="row add-symbol" onSubmit={enter}>
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
      <Button type="submit" icon="plus">
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

import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { DesktopStatus } from '../../../shared/contract/desktop.ts'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { acceleratorKeys, recordPress } from '../../lib/keys.ts'
import { Button } from '../../ui/Button.tsx'
import { Keys } from '../../ui/Keys.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import type { Change } from './setting.ts'

interface ShortcutProps {
  readonly status: DesktopStatus
  readonly saving: boolean
  readonly change: Change
  readonly error: ErrorView | null
}

/** The keys that show the window from anywhere: pressed once to be set, and taken away by a click. */
export function ShortcutSetting({ status, saving, change, error }: ShortcutProps) {
  const { shortcut } = status.settings
  const [recording, setRecording] = useState(false)
  const [tried, setTried] = useState('')
  const button = useRef<HTMLButtonElement>(null)
  const byKeys = useRef(false)
  useEffect(() => {
    // The field that took the keys is gone: the focus goes back to where it came from.
    if (!recording && byKeys.current) button.current?.focus()
    byKeys.current = false
  }, [recording])
  return (
    <div className="stack">
      <h3>Keys that show Keelson from anywhere</h3>
      {status.can.shortcut ? (
        <>
          <div className="row wrap">
            {recording ? (
              <Recorder
                platform={status.platform}
                onLeave={() => setRecording(false)}
                onDone={keys => {
                  byKeys.current = true
                  setRecording(false)
                  setTried(keys ?? '')
                  if (keys !== null && keys !== shortcut) change('shortcut', { shortcut: keys })
                }}
              />
            ) : (
              <>
                {shortcut ? <Keys keys={acceleratorKeys(shortcut, status.platform)} /> : <span className="sub">None</span>}
                <Button ref={button} busy={saving} onClick={() => setRecording(true)}>
                  {shortcut ? 'Change' : 'Set keys'}
                </Button>
                {shortcut ? (
                  <Button variant="ghost" onClick={() => change('shortcut', { shortcut: null })} aria-label="Take the keys away">
                    Clear
                  </Button>
                ) : null}
              </>
            )}
          </div>
          {error ? <ErrorNote error={named(error, tried, status.platform)} /> : null}
        </>
      ) : (
        <p className="stamp">This system gives programs no keys of their own, so none can be set here.</p>
      )}
    </div>
  )
}

/** A failure with the keys as they are printed on the keyboard. */
function named(error: ErrorView, keys: string, platform: DesktopStatus['platform']): ErrorView {
  return keys === '' ? error : { ...error, message: error.message.replaceAll(keys, acceleratorKeys(keys, platform).join(' ')) }
}

interface RecorderProps {
  readonly platform: DesktopStatus['platform']
  /** The keys, or null for none. */
  readonly onDone: (keys: string | null) => void
  readonly onLeave: () => void
}

/** Waits for the keys; Escape and leaving it change nothing. */
function Recorder({ platform, onDone, onLeave }: RecorderProps) {
  const [held, setHeld] = useState('')
  const [because, setBecause] = useState<string | null>(null)
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Tab') return
    event.preventDefault()
    event.stopPropagation()
    // The keys that work everywhere listen at the window itself.
    event.nativeEvent.stopImmediatePropagation()
    if (event.key === 'Escape') return onDone(null)
    const pressed = recordPress(event.nativeEvent, platform)
    setBecause(pressed.kind === 'refused' ? pressed.because : null)
    setHeld(pressed.kind === 'holding' ? pressed.keys : '')
    if (pressed.kind === 'keys') onDone(pressed.keys)
  }
  return (
    <>
      <button
        type="button"
        className="btn recorder"
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- it takes the place of the button that was pressed
        autoFocus
        aria-describedby="recorder-hint"
        onKeyDown={onKeyDown}
        onKeyUp={() => setHeld('')}
        onBlur={onLeave}
      >
        {held === '' ? 'Press the keys now' : <Keys keys={acceleratorKeys(held, platform)} />}
      </button>
      <span id="recorder-hint" className={because ? 'hint bad' : 'hint'} aria-live="polite">
        {because ?? 'Esc leaves it as it is.'}
      </span>
    </>
  )
}

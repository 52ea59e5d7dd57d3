import { useState } from 'react'
import type { DesktopChange } from '../../../shared/contract/desktop.ts'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { setDesktop } from '../../state/desktop.ts'
import { errorViewOf } from '../../state/failure.ts'

/** The parts of the section, each with a place for what went wrong there. */
export type SettingPart = 'close' | 'login' | 'shortcut' | 'updates'
export type Change = (part: SettingPart, change: DesktopChange) => void

interface Changing {
  readonly change: Change
  /** What went wrong with the last change, where it was made. */
  readonly errorOf: (part: SettingPart) => ErrorView | null
  readonly saving: SettingPart | null
}

/** Changes settings of the desktop one at a time; a choice counts at once. */
export function useChange(): Changing {
  const [failed, setFailed] = useState<{ readonly part: SettingPart; readonly error: ErrorView } | null>(null)
  const [saving, setSaving] = useState<SettingPart | null>(null)
  const change: Change = (part, wanted) => {
    setFailed(null)
    setSaving(part)
    setDesktop(wanted)
      .catch((error: unknown) => setFailed({ part, error: errorViewOf(error) }))
      .finally(() => setSaving(null))
  }
  return { change, saving, errorOf: part => (failed?.part === part ? failed.error : null) }
}

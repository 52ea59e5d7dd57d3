import { type AppLockView, LOCK_MAX_IDLE_MINUTES, LOCK_MIN_LENGTH } from '../../../shared/contract/vault.ts'
import { idleProblem, passphraseProblem } from '../../lib/passphrase.ts'
import type { LockForm } from '../../state/lock.ts'

/** What stands in the form of the app lock. */
export interface LockDraft {
  readonly current: string
  readonly passphrase: string
  readonly again: string
  readonly isIdle: boolean
  readonly minutes: string
}

/** What is wrong, by field. */
export type LockProblems = Partial<Record<keyof LockDraft, string>>

const USUAL_MINUTES = 15

export function firstDraft(lock: AppLockView | undefined): LockDraft {
  const isIdle = lock?.on !== true || lock.idleMinutes !== null
  return { current: '', passphrase: '', again: '', isIdle, minutes: String(lock?.idleMinutes ?? USUAL_MINUTES) }
}

/** A lock that is on keeps its passphrase when no new one is typed. */
function keeps({ passphrase, again }: LockDraft, isOn: boolean): boolean {
  return isOn && passphrase === '' && again === ''
}

export function lockProblems(draft: LockDraft, isOn: boolean): LockProblems {
  const { current, passphrase, again, isIdle, minutes } = draft
  const kept = keeps(draft, isOn)
  const found = {
    current: isOn && current === '' ? 'This is needed.' : undefined,
    passphrase: kept ? undefined : passphraseProblem(passphrase, LOCK_MIN_LENGTH),
    again: kept || passphrase === again ? undefined : 'Not the same as above.',
    minutes: isIdle ? idleProblem(minutes, LOCK_MAX_IDLE_MINUTES) : undefined,
  }
  return Object.fromEntries(Object.entries(found).filter(([, problem]) => problem !== undefined))
}

export function lockInput(draft: LockDraft, isOn: boolean): LockForm {
  const { current, passphrase, isIdle, minutes } = draft
  const idleMinutes = isIdle ? Number(minutes) : null
  if (keeps(draft, isOn)) return { passphrase: current, idleMinutes }
  return { passphrase, idleMinutes, ...(isOn ? { current } : {}) }
}

import type { UpdateView } from '../../../shared/contract/desktop.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import { formatAge } from '../../../shared/words/duration.ts'

/** How an update stands, in a sentence. Why it is off, refused or failed is its trouble's to say. */
export function updateWords({ state, version, progress, checkedAt }: UpdateView, now: Instant): string {
  const which = version === null ? 'A newer version' : `Keelson ${version}`
  switch (state) {
    case 'off':
      return checkedAt === null
        ? 'Keelson does not look for newer versions.'
        : `Keelson looked ${formatAge(checkedAt, now)}, and not since.`
    case 'idle':
      return checkedAt === null ? 'Not looked yet.' : `This is the newest version. Looked ${formatAge(checkedAt, now)}.`
    case 'checking':
      return 'Looking for a newer version.'
    case 'downloading':
      return `${which} is being downloaded${progress === null ? '' : `, ${Math.floor(progress * 100)} % so far`}.`
    case 'ready':
      return `${which} is ready. Restart to use it.`
    case 'refused':
      return `${which} was found and not installed.`
    case 'failed':
      return checkedAt === null ? 'The last look did not succeed.' : `The last look did not succeed. Looked ${formatAge(checkedAt, now)}.`
  }
}

/** A line of what is new: an item of a list, or a line of its own. */
export interface NoteLine {
  readonly kind: 'item' | 'heading' | 'line'
  readonly text: string
}

/** What is new, line by line; empty lines are left out. */
export function noteLines(notes: string): NoteLine[] {
  return notes
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line !== '')
    .map(line => {
      if (/^[-*•] /.test(line)) return { kind: 'item', text: line.slice(2).trim() }
      return /^#+ /.test(line) ? { kind: 'heading', text: line.replace(/^#+ /, '') } : { kind: 'line', text: line }
    })
}

import { Menu } from '@mantine/core'
import type { NoticeView } from '../../../shared/contract/notices.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Severity } from '../../../shared/domain/connection-health.ts'
import { formatExact, formatMoment, severityTone } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { errorViewOf } from '../../state/failure.ts'
import { dismiss, markRead, snooze } from '../../state/notices.ts'
import { toastError } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { runNoticeAction } from './actions.ts'

const ICONS: Readonly<Record<Severity, IconName>> = { good: 'check', notice: 'info', warning: 'warn', danger: 'warn' }
const WORDS: Readonly<Record<Severity, string>> = { good: 'Good news', notice: 'Notice', warning: 'Warning', danger: 'Urgent' }
const HOUR_MS = 3_600_000
const SNOOZES = [
  { word: 'For an hour', ms: HOUR_MS },
  { word: 'For a day', ms: 24 * HOUR_MS },
  { word: 'For a week', ms: 168 * HOUR_MS },
] as const

const quietly = (work: Promise<unknown>) => void work.catch((error: unknown) => toastError(errorViewOf(error)))

/** One notice: what happened, when, and the button that helps. */
export function Notice({ notice }: { readonly notice: NoticeView }) {
  const now = useNow(30)
  const { id, severity, title, body, action, createdAt, readAt, snoozedUntil, endedAt } = notice
  const over = endedAt !== null
  const unread = readAt === null && !over
  const quiet = snoozedUntil !== null && Instant.isBefore(now, snoozedUntil)
  return (
    <li className={['notice', unread ? 'unread' : '', over ? 'over' : ''].filter(Boolean).join(' ')}>
      <span className={over ? 'neutral' : severityTone(severity)}>
        <Icon name={over ? 'check' : ICONS[severity]} />
        <span className="hidden-text">{over ? 'Over' : WORDS[severity]}</span>
      </span>
      <div className="grow stack">
        <div>
          <h4>
            {unread ? (
              <span className="new-dot">
                <span className="hidden-text">Unread</span>
              </span>
            ) : null}
            {title}
          </h4>
          <p className="sub">{body}</p>
        </div>
        <p className="stamp" title={formatExact(createdAt)}>
          {over
            ? `Over since ${formatMoment(endedAt, now)}`
            : quiet
              ? `Quiet until ${formatMoment(snoozedUntil, now)}`
              : formatMoment(createdAt, now)}
        </p>
        {over ? null : (
          <div className="row wrap">
            <Button onClick={() => runNoticeAction(notice)} aria-label={`${action.label}: ${title}`}>
              {action.label}
            </Button>
            {unread ? (
              <Button variant="ghost" onClick={() => quietly(markRead([id]))} aria-label={`Mark as read: ${title}`}>
                Mark as read
              </Button>
            ) : null}
            <Snooze notice={notice} />
            <Button variant="ghost" onClick={() => quietly(dismiss(id))} aria-label={`Dismiss: ${title}`}>
              Dismiss
            </Button>
          </div>
        )}
      </div>
    </li>
  )
}

function Snooze({ notice: { id, title } }: { readonly notice: NoticeView }) {
  return (
    <Menu position="bottom-start" shadow="none" width={160}>
      <Menu.Target>
        <button type="button" className="btn ghost" aria-label={`Snooze: ${title}`}>
          Snooze
          <Icon name="down" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {SNOOZES.map(({ word, ms }) => (
          <Menu.Item key={word} onClick={() => quietly(snooze(id, ms))}>
            {word}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

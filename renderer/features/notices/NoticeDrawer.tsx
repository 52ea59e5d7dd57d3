import { useEffect } from 'react'
import { plural } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { errorViewOf } from '../../state/failure.ts'
import { groupNotices, markRead, refreshNotices, useNotices } from '../../state/notices.ts'
import { go } from '../../state/route.ts'
import { hide, useSurface } from '../../state/surface.ts'
import { toastError } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { Drawer } from '../../ui/Dialog.tsx'
import { EmptyState, ErrorNote, Skeletons, StaleNote } from '../../ui/notes.tsx'
import { Notice } from './Notice.tsx'

/** Everything Keelson has to say, in one place. */
export function NoticeDrawer() {
  const open = useSurface(state => state.open.kind === 'notices')
  return (
    <Drawer open={open} title="Notices" onClose={hide} size={460}>
      {open ? <Body /> : null}
    </Drawer>
  )
}

function Body() {
  const list = useNotices(state => state.list)
  const now = useNow(30)
  useEffect(() => void refreshNotices(), [])
  if (list.status === 'failed') return <ErrorNote error={list.error} onRetry={() => void refreshNotices()} />
  if (list.status !== 'ready') return <Skeletons heights={[76, 76, 76]} label="Reading the notices" />
  const { notices, unread } = list.data
  const waiting = notices.filter(({ readAt, endedAt }) => readAt === null && endedAt === null).map(({ id }) => id)
  const readAll = () => void markRead(waiting).catch((error: unknown) => toastError(errorViewOf(error)))
  return (
    <div className="stack-l">
      <div className="row between wrap">
        <span className="stamp" aria-live="polite">
          {unread === 0 ? 'Nothing unread' : plural(unread, 'unread notice')}
        </span>
        <span className="row">
          <Button disabled={waiting.length === 0} onClick={readAll}>
            Mark all as read
          </Button>
          <Button variant="ghost" icon="mail" onClick={toSettings}>
            By e-mail
          </Button>
        </span>
      </div>
      {list.problem ? <StaleNote error={list.problem} readAt={list.readAt} now={now} onRetry={() => void refreshNotices()} /> : null}
      {notices.length === 0 ? (
        <EmptyState icon="bell" title="Nothing to say">
          Ends of sign-ins, renewals that fail, a locked vault and incomplete syncs are announced here, each once.
        </EmptyState>
      ) : null}
      {groupNotices(notices, now).map(({ word, notices: shown }) => (
        <section key={word} className="stack" aria-label={word}>
          <h3>{word}</h3>
          <ul className="notices">
            {shown.map(notice => (
              <Notice key={notice.id} notice={notice} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function toSettings() {
  hide()
  go('settings')
}

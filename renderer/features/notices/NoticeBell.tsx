import { plural } from '../../lib/format/index.ts'
import { useUnread } from '../../state/notices.ts'
import { show } from '../../state/surface.ts'
import { Tip } from '../../ui/Button.tsx'
import { Icon } from '../../ui/icons.tsx'

const MOST_SHOWN = 99

/** Opens the notices; says how many wait to be read. */
export function NoticeBell() {
  const unread = useUnread()
  const name = unread === 0 ? 'Notices' : `Notices, ${plural(unread, 'unread', 'unread')}`
  return (
    <Tip text={name}>
      <button
        type="button"
        className="btn icon-only ghost bell"
        aria-label={name}
        aria-haspopup="dialog"
        onClick={() => show({ kind: 'notices' })}
      >
        <Icon name="bell" />
        {unread > 0 ? <span aria-hidden="true">{unread > MOST_SHOWN ? `${MOST_SHOWN}+` : unread}</span> : null}
      </button>
    </Tip>
  )
}

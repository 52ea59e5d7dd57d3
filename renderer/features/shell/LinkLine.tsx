import { useLink } from '../../state/link.ts'
import { Icon } from '../../ui/icons.tsx'

const PATIENCE = 6

/** A calm line while the window has no link to its host. */
export function LinkLine() {
  const status = useLink(state => state.status)
  if (status.kind === 'open') return null
  const words =
    status.attempt > PATIENCE
      ? 'Keelson does not answer. If it was closed, start it again and open the link it prints. This window keeps trying.'
      : status.attempt > 0
        ? 'Reconnecting to Keelson. Figures below may be older than they look.'
        : 'Connecting to Keelson.'
  return (
    <output className="link-line">
      <Icon name="unplug" />
      <span>{words}</span>
    </output>
  )
}

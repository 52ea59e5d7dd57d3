import { Dialog } from './Dialog.tsx'
import { Keys } from './Keys.tsx'

export interface Shortcut {
  readonly keys: readonly string[]
  readonly does: string
}

/** The keys there are. */
export function Shortcuts({
  open,
  shortcuts,
  onClose,
}: {
  readonly open: boolean
  readonly shortcuts: readonly Shortcut[]
  readonly onClose: () => void
}) {
  return (
    <Dialog open={open} title="Keyboard shortcuts" onClose={onClose} size={420}>
      <dl className="keys">
        {shortcuts.map(({ keys, does }) => (
          <div key={does} style={{ display: 'contents' }}>
            <dt>{does}</dt>
            <dd>
              <Keys keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}

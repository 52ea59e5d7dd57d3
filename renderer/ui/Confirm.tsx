import type { ReactNode } from 'react'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'

interface ConfirmProps {
  readonly open: boolean
  readonly title: string
  readonly word: string
  /** What the other button says, which changes nothing. */
  readonly keepWord?: string
  readonly busy?: boolean
  readonly onConfirm: () => void
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Asks before something that cannot be taken back by a click. */
export function Confirm({ open, title, word, keepWord = 'Keep', busy = false, onConfirm, onClose, children }: ConfirmProps) {
  return (
    <Dialog open={open} title={title} onClose={onClose} size={440}>
      <div className="stack">{children}</div>
      <div className="dialog-foot">
        <Button onClick={onClose} data-autofocus>
          {keepWord}
        </Button>
        <Button variant="danger" busy={busy} onClick={onConfirm}>
          {word}
        </Button>
      </div>
    </Dialog>
  )
}

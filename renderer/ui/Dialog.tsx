import { Drawer as MantineDrawer, Modal } from '@mantine/core'
import type { ReactNode } from 'react'

interface DialogProps {
  readonly open: boolean
  readonly title: ReactNode
  readonly onClose: () => void
  readonly size?: number
  readonly children: ReactNode
}

const MOTION = { duration: 140, transition: 'fade' } as const

/** A dialog over the page: holds the focus, gives it back, closes on Escape. */
export function Dialog({ open, title, onClose, size = 520, children }: DialogProps) {
  return (
    <Modal opened={open} onClose={onClose} title={title} size={size} centered transitionProps={MOTION} closeButtonProps={{ 'aria-label': 'Close' }}>
      {children}
    </Modal>
  )
}

/** A sheet from the right for one thing's details. */
export function Drawer({ open, title, onClose, size = 400, children }: DialogProps) {
  return (
    <MantineDrawer
      opened={open} onClose={onClose} title={title} size={size} position="right" transitionProps={{ duration: 140, transition: 'slide-left' }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {children}
    </MantineDrawer>
  )
}

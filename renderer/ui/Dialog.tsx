import { Drawer as MantineDrawer, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { FocusReturn } from './focus-return.ts'

interface DialogProps {
  readonly open: boolean
  readonly title: ReactNode
  readonly onClose: () => void
  readonly size?: number
  /** Marks its frame, such as with the environment an order goes to. */
  readonly className?: string
  /** A press beside it does not close it: one that was meant for a button of it may land there. */
  readonly holds?: boolean
  readonly children: ReactNode
}

const FADE = { duration: 140, transition: 'fade' } as const
const SLIDE = { duration: 140, transition: 'slide-left' } as const

/** A dialog over the page: holds the focus, gives it back, closes on Escape. */
export function Dialog({ open, title, onClose, size = 520, className, holds = false, children }: DialogProps) {
  return (
    <Modal.Root opened={open} onClose={onClose} size={size} centered transitionProps={FADE} closeOnClickOutside={!holds}>
      <Modal.Overlay />
      <Modal.Content {...(className ? { className } : {})}>
        <FocusReturn />
        <div className="over-head">
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

/** A sheet from the right for one thing's details. */
export function Drawer({ open, title, onClose, size = 400, children }: DialogProps) {
  return (
    <MantineDrawer.Root opened={open} onClose={onClose} size={size} position="right" transitionProps={SLIDE}>
      <MantineDrawer.Overlay />
      <MantineDrawer.Content>
        <FocusReturn />
        <div className="over-head">
          <MantineDrawer.Title>{title}</MantineDrawer.Title>
          <MantineDrawer.CloseButton aria-label="Close" />
        </div>
        <MantineDrawer.Body>{children}</MantineDrawer.Body>
      </MantineDrawer.Content>
    </MantineDrawer.Root>
  )
}

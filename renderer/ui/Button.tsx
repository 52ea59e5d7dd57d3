import { Tooltip } from '@mantine/core'
import type { ComponentProps, ReactNode } from 'react'
import { Icon, type IconName } from './icons.tsx'

export interface ButtonProps extends ComponentProps<'button'> {
  readonly variant?: 'default' | 'primary' | 'ghost' | 'danger'
  readonly large?: boolean
  /** Work is under way: the button keeps its focus and takes no second click. */
  readonly busy?: boolean
  readonly icon?: IconName
}

/** A button that says what it does. */
export function Button({
  variant = 'default',
  large = false,
  busy = false,
  icon,
  className = '',
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const classes = ['btn', variant, large ? 'large' : '', busy ? 'busy' : '', className].filter(Boolean).join(' ')
  return (
    <button type="button" {...rest} className={classes} aria-disabled={busy || rest['aria-disabled']} onClick={busy ? undefined : onClick}>
      {icon && !busy ? <Icon name={icon} /> : null}
      {children}
    </button>
  )
}

interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon'> {
  readonly icon: IconName
  readonly label: string
}

/** A button with only a picture; its name shows on hover and focus. */
export function IconButton({ icon, label, variant = 'ghost', busy = false, className = '', ...rest }: IconButtonProps) {
  return (
    <Tip text={label}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-disabled={busy}
        className={['btn icon-only', variant, className].filter(Boolean).join(' ')}
      >
        <Icon name={icon} />
      </button>
    </Tip>
  )
}

/** Where hints are drawn: a landmark of the frame. */
export const HINTS_ID = 'hints'
const HINTS = { target: `#${HINTS_ID}` }

/** More about what it wraps, on hover and on keyboard focus. */
export function Tip({ text, children }: { readonly text: ReactNode; readonly children: ReactNode }) {
  return (
    <Tooltip
      label={text}
      events={{ hover: true, focus: true, touch: true }}
      multiline
      maw={320}
      openDelay={250}
      transitionProps={{ duration: 120 }}
      portalProps={HINTS}
    >
      {children}
    </Tooltip>
  )
}

import { notifications } from '@mantine/notifications'

const CLOSE = { 'aria-label': 'Dismiss' }

/** Takes every toast away, shown and waiting. */
export function clearToasts(): void {
  notifications.clean()
}

/** Says what became of something the user just did. */
export function toast(message: string, title?: string): void {
  notifications.show({
    ...(title ? { title } : {}),
    message,
    autoClose: 5000,
    color: 'var(--accent)',
    withBorder: false,
    closeButtonProps: CLOSE,
  })
}

/** The same for a failure whose place on the screen is gone; stays until it is read. */
export function toastError(error: { readonly message: string; readonly action: string }): void {
  notifications.show({
    title: error.message,
    message: error.action,
    autoClose: 12_000,
    color: 'var(--bad)',
    withBorder: false,
    closeButtonProps: CLOSE,
  })
}

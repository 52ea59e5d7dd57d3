/** What closing the app has to know of a window. */
export interface OpenWindow {
  close(): void
  destroy(): void
  isDestroyed(): boolean
}

/** How far the app has come, and what it still has open. */
export const life = { isReady: false, isQuitting: false, isOver: false }
export const openWindows = new Set<OpenWindow>()

export function mustBeReady(what: string): void {
  if (!life.isReady) throw new Error(`${what} before app is ready`)
}

export function mustNotBeReady(what: string): void {
  if (life.isReady) throw new Error(`${what} can only be called before app is ready`)
}

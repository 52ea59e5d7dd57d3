/** What the app asked of the computer, and what went wrong in its pages, for tests to read through `globalThis.standin`. */
export interface Entry {
  readonly what: string
  readonly args: readonly unknown[]
}

export const entries: Entry[] = []
export const pageErrors: string[] = []
export const consoleLines: string[] = []
export const blockedRequests: string[] = []
export const preloads: string[] = []

export function record(what: string, ...args: readonly unknown[]): void {
  entries.push({ what, args })
}

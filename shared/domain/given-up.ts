const GIVEN_UP: ReadonlySet<string> = new Set(['app/canceled', 'vault/locked', 'net/asleep'])

/** Whether a sync that ended with this code says nothing of its connection: its user stopped it, or this machine was not ready. */
export function wasGivenUp(code: string | undefined): boolean {
  return code !== undefined && GIVEN_UP.has(code)
}

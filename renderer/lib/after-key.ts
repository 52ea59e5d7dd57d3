/**
 * Runs once everything that lies over the page has heard the key that is on its way. Each of them hears Escape, one after the other, and
 * what was opened or closed by the first would be taken for the top by the next.
 */
export function afterKey(run: () => void): void {
  setTimeout(run)
}

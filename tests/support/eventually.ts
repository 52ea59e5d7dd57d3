import { vi } from 'vitest'

const PATIENCE_MS = 45_000

/** Looks again and again until the check holds. Patient: how long the machine takes says nothing about what is checked. */
export async function eventually(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: PATIENCE_MS, interval: 5 })
}

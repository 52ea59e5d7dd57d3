import { expect, type Page } from 'playwright/test'
import type { BrokerId } from '../../shared/domain/broker.ts'

/** A first sync reads years of history: how long it may take where the machine has other things to do. */
export const FIRST_SYNC = { timeout: 75_000 }

/**
 * Connects the simulators of these brokers alone, as "Explore with sandbox brokers" does with all of them. What a test does not look at
 * need not be read: the six together cost several seconds of the processor. The page has come in by its link.
 */
export async function exploreOnly(page: Page, brokers: readonly BrokerId[]): Promise<void> {
  // A host is reached before it has opened its vault.
  const connected = (broker: BrokerId): Promise<void> =>
    expect(async () => expect(await connect(page, broker)).toContain('"connectionIds":["')).toPass()
  await Promise.all(brokers.map(connected))
}

/** Asks over a socket of the page's own, and answers with what came back. */
function connect(page: Page, broker: BrokerId): Promise<string> {
  return page.evaluate(
    wanted =>
      new Promise<string>((resolve, reject) => {
        const socket = new WebSocket(new URL('/ws', window.location.href).href.replace(/^http/, 'ws'))
        const request = { id: 'explore', route: 'sandbox.explore', input: { broker: wanted } }
        socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'request', request })))
        socket.addEventListener('error', () => reject(new Error('the host took no socket')))
        socket.addEventListener('message', ({ data }) => {
          if (!String(data).startsWith('{"type":"reply"')) return
          socket.close()
          resolve(String(data))
        })
      }),
    broker,
  )
}

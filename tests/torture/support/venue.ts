import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { type Dice, roll } from './dice.ts'
import { saidText } from './said.ts'

export interface VenueOrder {
  readonly id: string
  readonly ticket: string
  readonly externalId: string
  readonly at: string
}

/** A broker that takes every order it gets, and strikes its sender down around it. */
export interface Venue extends AsyncDisposable {
  readonly origin: string
  readonly book: readonly VenueOrder[]
  /** From now on the sender is struck at one moment around an order, drawn by these dice; `strike` is called for it. */
  aim(next: Dice | null, strike: () => void): void
}

const MOMENTS = ['before it is taken', 'after it is taken', 'with the answer', 'soon after', 'later'] as const
const SOON_MS = 4
const LATER_MS = 25

export async function startVenue(): Promise<Venue> {
  const book: VenueOrder[] = []
  let aim: { readonly next: Dice; readonly strike: () => void } | null = null

  const server = createServer((request, response) => {
    void (async () => {
      if (request.method === 'GET') return void response.end(JSON.stringify(book))
      const asked: unknown = JSON.parse(await text(request))
      const aimed = aim
      // Some of what is sent gets through, or nobody would ever come to the second order.
      const moment = aimed === null ? undefined : MOMENTS[roll(aimed.next, MOMENTS.length + 1)]
      if (moment !== undefined) aim = null
      if (moment === 'before it is taken') return aimed?.strike()
      const externalId = `v${book.length + 1}`
      book.push({ id: saidText(asked, 'id'), ticket: saidText(asked, 'ticket'), externalId, at: new Date().toISOString() })
      if (moment === 'after it is taken') return aimed?.strike()
      response.end(JSON.stringify({ externalId }))
      if (moment === 'with the answer') aimed?.strike()
      if (moment === 'soon after' || moment === 'later')
        setTimeout(() => aimed?.strike(), (aimed?.next() ?? 0) * (moment === 'later' ? LATER_MS : SOON_MS))
    })().catch(() => request.socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    book,
    aim: (next, strike) => {
      aim = next === null ? null : { next, strike }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

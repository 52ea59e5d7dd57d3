import { getConnection } from '../../../electron/core/store/connections.ts'
import type { Authorization } from '../../../electron/core/net/credentials.ts'
import { openDesk } from '../support/desk.ts'
import { said, saidNumber, saidText } from '../support/said.ts'

/**
 * One of several Keelsons on one data folder: `caller.ts <folder> <origin>`. Told how many callers want something at once and which
 * access token has ended, it says which tokens they hold in the end and what the API makes of them.
 */
const [folder = '', origin = ''] = process.argv.slice(2)
const { signal } = new AbortController()
const desk = await openDesk({ folder, origin })
const credentials = desk.tokens.credentials(desk.connection)

const bearer = ({ headers }: Authorization): string => String(headers['authorization']).slice('Bearer '.length)

/** What every call does: take what there is, and ask for new ones when the broker refuses those. */
async function call(dead: string): Promise<string> {
  const first = await credentials.authorize({ signal })
  if (bearer(first) !== dead) return bearer(first)
  const second = await credentials.renew({ after: first, signal })
  return second ? bearer(second) : 'none'
}

async function round(message: unknown): Promise<void> {
  const callers = Array.from({ length: saidNumber(message, 'callers') }, () => call(saidText(message, 'dead')))
  const held = await Promise.allSettled(callers)
  const tokens = new Set(held.map(each => (each.status === 'fulfilled' ? each.value : `failed: ${String(each.reason)}`)))
  const statuses: number[] = []
  for (const token of tokens) {
    const answer = await fetch(`${origin}/api`, { headers: { authorization: `Bearer ${token}` } })
    await answer.text()
    statuses.push(answer.status)
  }
  const state = getConnection(desk.db.reader, desk.connection.id)?.state.kind
  process.send?.({
    tokens: tokens.size,
    statuses: statuses.join(','),
    state,
    failed: [...tokens].find(token => token.startsWith('failed')) ?? '',
  })
}

process.on('message', message => {
  if (said(message, 'callers') !== undefined) void round(message)
})
process.on('disconnect', () => void desk.close().finally(() => process.exit(0)))
process.send?.({ up: true })

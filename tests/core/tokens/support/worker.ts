import { createInterface } from 'node:readline'
import { getConnection, listConnections } from '../../../../electron/core/store/connections.ts'
import { openTokenDesk, signal } from './desk.ts'
import { jumpingClock } from '../../../support/fake-ports.ts'

/**
 * Another Keelson on the same data folder. Each line on its input is a number of calls to make at once; it answers with the
 * statuses the API gave in the end. `refresh` renews and prints the generation.
 */
const [folder = '', origin = ''] = process.argv.slice(2)
const desk = await openTokenDesk({ folder, origin, clock: jumpingClock() })
const [connection] = listConnections(desk.db.reader)
if (!connection) throw new Error('no connection')
const credentials = desk.tokens.credentials(connection)

async function call(): Promise<number> {
  const first = await credentials.authorize({ signal })
  const status = await ask(first.headers)
  if (status !== 401) return status
  const second = await credentials.renew({ after: first, signal })
  return second ? ask(second.headers) : status
}

async function ask(headers: Readonly<Record<string, string>>): Promise<number> {
  const answer = await fetch(`${origin}/api`, { headers: { ...headers } })
  await answer.text()
  return answer.status
}

process.stdout.write('ready\n')
for await (const line of createInterface({ input: process.stdin })) {
  const statuses = await Promise.all(Array.from({ length: Number(line) }, () => call()))
  process.stdout.write(
    `${JSON.stringify({ statuses: [...new Set(statuses)], state: getConnection(desk.db.reader, connection.id)?.state.kind })}\n`,
  )
}

import { createServer } from 'node:http'
import { type TradeOptions, wireRow } from './trades.ts'

/**
 * A broker in a process of its own: Alpaca's read calls over loopback HTTP, its history made before it listens. Its
 * arguments are the rows, the rows a day and, for the newest, the same again; it says its port when ready and stops with its parent.
 */
const [count = 0, perDay = 1, recentRows = 0, recentPerDay = 1] = process.argv.slice(2).map(Number)
const options: TradeOptions = recentRows > 0 ? { perDay, recent: { rows: recentRows, perDay: recentPerDay } } : { perDay }
const rows = Array.from({ length: count }, (_, at) => wireRow(at, options))
const placeOf = new Map(rows.map(({ id }, at) => [id, at]))

const ACCOUNT = {
  id: 'aba134b6-217d-4fd2-b460-e3c80bbfb9b4',
  account_number: 'PA3BENCH0001',
  status: 'ACTIVE',
  currency: 'USD',
  equity: '100000.5',
  cash: '5000',
  buying_power: '10000',
  multiplier: '2',
}

function activities(query: URLSearchParams): string {
  const token = query.get('page_token')
  const after = Date.parse(query.get('after') ?? '1970-01-01')
  const until = Date.parse(query.get('until') ?? '2100-01-01')
  const page: string[] = []
  let at = token === null ? rows.findIndex(row => row.at < until) : (placeOf.get(token) ?? rows.length) + 1
  for (let row = rows[at]; at >= 0 && page.length < 100 && row !== undefined && row.at > after; row = rows[(at += 1)]) page.push(row.text)
  return `[${page.join(',')}]`
}

function answer(url: URL): string | undefined {
  switch (url.pathname) {
    case '/v2/account':
      return JSON.stringify(ACCOUNT)
    case '/v2/positions':
    case '/v2/orders':
      return '[]'
    case '/v2/account/activities':
      return activities(url.searchParams)
    default:
      return undefined
  }
}

const server = createServer((request, response) => {
  const body = answer(new URL(request.url ?? '/', 'http://127.0.0.1'))
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' })
  response.end(body ?? '{}')
})
server.keepAliveTimeout = 600_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address) process.send?.(address.port)
})
process.on('disconnect', () => process.exit(0))

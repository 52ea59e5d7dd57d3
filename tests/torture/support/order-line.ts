import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { type Dice, pick } from './dice.ts'

/** What a line does to an order on its way: what arrived at the broker, and what came back. */
export interface LineFault {
  readonly name: string
  /** Whether the broker gets it. */
  readonly arrives: boolean
  readonly back: 'answer' | 'reset' | 'half' | 'page' | 'nonsense' | 'empty' | 'error'
  readonly status?: number
}

const STATUSES = [500, 502, 503, 504, 408, 520] as const

export const LINE_FAULTS: readonly [LineFault, ...LineFault[]] = [
  { name: 'nothing', arrives: true, back: 'answer' },
  { name: 'reset before it arrived', arrives: false, back: 'reset' },
  { name: 'reset after it arrived', arrives: true, back: 'reset' },
  { name: 'half an answer', arrives: true, back: 'half' },
  { name: 'a page instead of the answer', arrives: true, back: 'page', status: 200 },
  { name: 'a page before it arrived', arrives: false, back: 'page', status: 200 },
  { name: 'an answer nobody can read', arrives: true, back: 'nonsense' },
  { name: 'an empty answer', arrives: true, back: 'empty' },
  ...STATUSES.flatMap((status): LineFault[] => [
    { name: `${status} after it arrived`, arrives: true, back: 'error', status },
    { name: `${status} before it arrived`, arrives: false, back: 'error', status },
  ]),
]

/** A line to a broker's simulator that can go wrong around orders, and knows what the broker really took. */
export interface OrderLine extends AsyncDisposable {
  readonly origin: string
  /** Where requests go on to. */
  target: string
  /** Does something to every order from now on, chosen by these dice; nothing when null. */
  disturb(next: Dice | null): void
  /** Orders the broker took, by our own id, each with how often. */
  readonly taken: ReadonlyMap<string, number>
  /** Every order that came down the line, whether it was let through or not: our own id and the moment. */
  readonly sent: readonly { readonly id: string; readonly atMs: number }[]
}

export async function startOrderLine(): Promise<OrderLine> {
  const taken = new Map<string, number>()
  const sent: { id: string; atMs: number }[] = []
  let target = ''
  let dice: Dice | null = null

  async function forward(
    request: IncomingMessage,
    body: string,
  ): Promise<{ status: number; headers: Record<string, string>; body: string }> {
    const headers = Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' && !HOP.has(name) ? [[name, value]] : [])),
    )
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD' && body !== ''
    const answer = await fetch(`${target}${request.url}`, {
      method: request.method ?? 'GET',
      headers,
      redirect: 'manual',
      ...(hasBody ? { body } : {}),
    })
    const kept = [...answer.headers].filter(([name]) => !HOP.has(name))
    return { status: answer.status, headers: Object.fromEntries(kept), body: await answer.text() }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request)
    const isOrder = request.method === 'POST' && request.url?.startsWith('/v2/orders') === true
    if (!isOrder) return answerWith(response, await forward(request, body))
    const id = idOf(body)
    sent.push({ id, atMs: performance.now() })
    const fault = dice === null ? LINE_FAULTS[0] : pick(dice, LINE_FAULTS)
    const answer = fault.arrives ? await forward(request, body) : null
    if (answer !== null && answer.status < 300) taken.set(id, (taken.get(id) ?? 0) + 1)
    treat(request, response, fault, answer)
  }

  const server = createServer((request, response) => void serve(request, response).catch(() => request.socket.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    get target() {
      return target
    },
    set target(url) {
      target = url
    },
    disturb: next => {
      dice = next
    },
    taken,
    sent,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

const HOP = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'content-encoding',
  'expect',
  'upgrade',
  'accept-encoding',
])

function idOf(body: string): string {
  const parsed: unknown = JSON.parse(body)
  return String(typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'client_order_id') : '')
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

function answerWith(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers).end(body)
}

const PAGE = '<!doctype html><html><body><h1>Something went wrong</h1></body></html>'

function treat(request: IncomingMessage, response: ServerResponse, { back, status = 200 }: LineFault, answer: Answer | null): void {
  const json = { 'content-type': 'application/json' }
  switch (back) {
    case 'answer':
      return answer === null ? void request.socket.destroy() : answerWith(response, answer)
    case 'reset':
      return void request.socket.destroy()
    case 'half':
      response.writeHead(200, { ...json, 'content-length': String(Buffer.byteLength(answer?.body ?? PAGE)) })
      response.write((answer?.body ?? PAGE).slice(0, 20), () => request.socket.destroy())
      return
    case 'page':
      return answerWith(response, { status, headers: { 'content-type': 'text/html' }, body: PAGE })
    case 'nonsense':
      return answerWith(response, { status: 200, headers: json, body: '{"hello":"world"}' })
    case 'empty':
      return answerWith(response, { status: 200, headers: json, body: '' })
    case 'error':
      return answerWith(response, { status, headers: json, body: '{"message":"internal server error"}' })
  }
}

import type { Ask, Reply } from './exchange.ts'
import type { Fault, FaultBox } from './faults.ts'
import type { Simulator } from './simulator.ts'

const HTML = { 'content-type': 'text/html' } as const
const DENIED =
  "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>You don't have permission to access this server.</BODY></HTML>"

/** Answers a data call, spoiled by the fault that is set. `pause` waits and ends early when the sandbox closes. */
export async function spoil(ask: Ask, simulator: Simulator, box: FaultBox, pause: (ms: number) => Promise<unknown>): Promise<Reply> {
  const instead = replacement(ask, simulator, box)
  if (instead) return instead
  const slow = box.take(ask.path, ['slow'], ask.method)
  if (slow) await pause(slow.ms ?? 2000)
  const reply = simulator.handle(ask)
  if (box.take(ask.path, ['answer-lost'], ask.method)) return { ...reply, drop: true }
  if (reply.status !== 200) return reply
  if (box.take(ask.path, ['truncated'], ask.method)) return { ...reply, cut: true }
  return box.take(ask.path, ['duplicates'], ask.method) ? { ...reply, body: (simulator.doubled ?? withDuplicate)(reply.body) } : reply
}

function replacement(ask: Ask, simulator: Simulator, box: FaultBox): Reply | undefined {
  const fault = box.take(ask.path, ['unauthorized-once', 'forbidden-html', 'rate-limited', 'server-error', 'dropped'], ask.method)
  if (fault) return answerOf(fault, simulator)
  const failing = box.peek('account-failing')
  if (!failing || !simulator.concerns(ask.path, failing.account ?? 0)) return undefined
  return box.take(ask.path, ['account-failing'], ask.method) ? simulator.broken(500) : undefined
}

function answerOf(fault: Fault, simulator: Simulator): Reply {
  if (fault.name === 'unauthorized-once') return simulator.unauthorized()
  if (fault.name === 'forbidden-html') return { status: 403, headers: HTML, body: DENIED }
  if (fault.name === 'rate-limited') return simulator.tooMany(fault.retryAfter)
  if (fault.name === 'dropped') return { status: 500, headers: {}, body: '', drop: true }
  return simulator.broken(fault.status ?? 500)
}

/** Repeats the first row of the answer's list in front of itself, so that the last one stays the end of the page. */
function withDuplicate(body: string): string {
  const value: unknown = body === '' ? null : JSON.parse(body)
  const doubled = doubledIn(value)
  return doubled === undefined ? body : JSON.stringify(doubled)
}

/** The value with its first list doubled at the front, wherever in it the list stands; undefined when it has none. */
function doubledIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? [value[0], ...value.map((row: unknown) => row)] : undefined
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, item] of Object.entries(value)) {
    const doubled = doubledIn(item)
    if (doubled !== undefined) return { ...value, [key]: doubled }
  }
  return undefined
}

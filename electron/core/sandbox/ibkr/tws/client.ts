import type { Socket } from 'node:net'
import type { FaultBox } from '../../faults.ts'
import { answer } from './answers.ts'
import { createFrameReader } from './frame.ts'
import type { Offer } from './frame.ts'
import { notice } from './messages.ts'
import { answerOpenOrders } from './order-answers.ts'
import { createOutlet } from './outlet.ts'
import type { Cut } from './outlet.ts'
import { REQUESTS } from './requests.ts'
import { connectionTime, welcome } from './session.ts'
import type { Hall, Session } from './session.ts'

export interface ClientDeps {
  readonly hall: Hall
  readonly socket: Socket
  readonly box: FaultBox
  /** Notes a message by its name. */
  readonly record: (name: string) => void
}

export const NEWEST = 193
const START_API = '71'
const TOO_MANY = 'Max rate of messages per second has been exceeded.'

/** Serves one socket from its greeting to its end. */
export function serveClient({ hall, socket, box, record }: ClientDeps): void {
  const { knobs } = hall
  const outlet = createOutlet(
    socket,
    () => cutOf(knobs.get('chunks')),
    () => box.peek('slow')?.ms ?? 0,
  )
  let version = 0
  let session: Session | undefined
  // A silent peer keeps the socket: nothing is answered, nothing closed.
  const send: Session['send'] = fields => {
    if (knobs.on('half-open')) return
    outlet.send(knobs.on('extra-fields') && fields[0] === 63 ? [...fields, 'more'] : fields)
  }
  const greet = (offer: Offer): void => {
    record('API')
    if (knobs.on('accept-dialog')) return
    const newest = Number(knobs.get('server-version') ?? NEWEST)
    version = knobs.on('no-negotiation') ? newest : Math.min(newest, offer.max)
    if (version < offer.min) socket.destroy()
    else send([version, connectionTime(hall.nowMs())])
  }
  const start = (clientId: number): void => {
    const taken = (knobs.get('client-id-in-use') ?? '').split(',')
    const busy = [...hall.sessions].some(other => other.clientId === clientId)
    if (busy || taken.includes('all') || taken.includes(String(clientId))) {
      send(notice(-1, 326, 'Unable to connect as the client id is already in use. Retry with a unique client id.'))
      socket.end()
      return
    }
    const watching = { positions: false, account: null, summaries: new Set<number>() }
    const end = () => socket.end()
    session = { clientId, version, send, watching, marketDataType: 1, pacingBreaches: 0, end, breakOff: () => outlet.breakOff() }
    hall.sessions.add(session)
    welcome(hall, session)
    if (knobs.on('orders-at-start')) answerOpenOrders(hall, session, false)
  }
  const take = (fields: string[]): void => {
    const [kind = ''] = fields
    record(REQUESTS[Number(kind)] ?? kind)
    if (knobs.on('half-open') || knobs.on('accept-dialog')) return
    if (!session) {
      if (kind === START_API) start(Number(fields[2]))
      return
    }
    if (!spoiled(box, session, kind)) answer(hall, session, fields)
  }
  const reader = createFrameReader(greet, take)
  socket.setNoDelay(true)
  socket.on('data', bytes => {
    if (!reader.push(bytes)) socket.destroy()
  })
  socket.on('close', () => {
    if (session) hall.sessions.delete(session)
  })
  socket.on('error', () => socket.destroy())
}

/** The faults of the shared list that a socket can have, in TWS's words. Answers true when the message is not answered. */
function spoiled(box: FaultBox, session: Session, kind: string): boolean {
  const path = REQUESTS[Number(kind)] ?? kind
  if (box.take(path, ['rate-limited'])) session.send(notice(-1, 100, TOO_MANY))
  else if (box.take(path, ['dropped'])) session.end()
  else if (box.take(path, ['truncated'])) session.breakOff()
  else if (box.take(path, ['server-error']))
    session.send(notice(-1, 1100, 'Connectivity between IBKR and Trader Workstation has been lost.'))
  else return false
  return true
}

function cutOf(name: string | null): Cut {
  return name === 'bytes' || name === 'together' ? name : 'each'
}

import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { SANDBOX_CLIENTS } from '../../client-keys.ts'
import type { RecordedRequest, SandboxControl } from '../../control.ts'
import { createFaultBox } from '../../faults.ts'
import type { FaultBox } from '../../faults.ts'
import type { OpenStand, Place as StandPlace } from '../../stand.ts'
import type { IbkrBook } from '../book.ts'
import { isWorking } from '../order.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import { serveClient } from './client.ts'
import { createTwsKnobs } from './knobs.ts'
import type { TwsEvent, TwsKnobs } from './knobs.ts'
import { notice } from './messages.ts'
import { tellSession } from './order-answers.ts'
import { createHall, sendCommission, sendExecution } from './session.ts'
import type { Hall, Session } from './session.ts'

const NOTICES: Readonly<Partial<Record<TwsEvent, string>>> = {
  '1100': 'Connectivity between IBKR and Trader Workstation has been lost.',
  '1101': 'Connectivity between IBKR and Trader Workstation has been restored- data lost.',
  '1102': 'Connectivity between IBKR and Trader Workstation has been restored - data maintained.',
  '1300': 'TWS socket port has been reset and this connection is being dropped. Please reconnect on the new port - 4002',
  '2103': 'Market data farm connection is broken:usfarm',
  '2104': 'Market data farm connection is OK:usfarm',
  '2105': 'HMDS data farm connection is broken:ushmds',
  '2106': 'HMDS data farm connection is OK:ushmds',
  '2110': 'Connectivity between Trader Workstation and server is broken. It will be restored automatically.',
}
const KEPT_REQUESTS = 10_000

/** Opens a simulated TWS on a loopback port. Its faults are knobs: it speaks no HTTP and has no tokens. */
export async function openTws(book: IbkrBook, place: StandPlace, host: string): Promise<OpenStand> {
  const sockets = new Set<Socket>()
  const requests: RecordedRequest[] = []
  const box = createFaultBox()
  const port = createPort(host)
  const knobs: TwsKnobs = createTwsKnobs(
    event => happen(hall, event, sockets, port),
    name => {
      if (name === 'refuse') port.open(!knobs.on('refuse'))
    },
  )
  const hall = createHall(book, knobs)
  const record = (path: string): void => {
    if (requests.length >= KEPT_REQUESTS) requests.splice(0, KEPT_REQUESTS / 2)
    requests.push({ method: 'TWS', path, status: 200 })
  }
  port.server.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    serveClient({ hall, socket, box, record })
  })
  const deaf = [listenToOrders(hall), listenToCorrections(hall)]
  const number = await port.start(place.port)
  const control = createControl(book, knobs, box, requests, sockets)
  if (place.fault) control.fault(place.fault)
  return {
    url: `127.0.0.1:${number}`,
    control,
    async close() {
      for (const stop of deaf) stop()
      for (const socket of sockets) socket.destroy()
      await port.stop()
    },
  }
}

function listenToOrders(hall: Hall): () => void {
  return hall.book.orders.listen(event => {
    if (!hall.upstream) return
    for (const session of hall.sessions) tellSession(hall, session, event)
  })
}

function listenToCorrections(hall: Hall): () => void {
  return hall.book.onCorrection((_place, execution) => {
    if (!hall.upstream) return
    for (const session of hall.sessions) {
      if (session.clientId !== 0 && session.clientId !== execution.order.clientId) continue
      sendExecution(hall, session, execution, -1)
      sendCommission(hall, session, execution)
    }
  })
}

function happen(hall: Hall, event: TwsEvent, sockets: ReadonlySet<Socket>, port: Port): void {
  if (event === '1100' || event === '2110') hall.upstream = false
  if (event === '1101' || event === '1102') hall.upstream = true
  if (event === '1101') for (const session of hall.sessions) forget(session)
  const text = NOTICES[event]
  if (text !== undefined) for (const session of hall.sessions) session.send(notice(-1, Number(event), text))
  if (event === 'drop' || event === 'restart') for (const socket of sockets) socket.destroy()
  if (event === 'drop-mid-frame') for (const session of hall.sessions) session.breakOff()
  if (event === 'restart') {
    // A restarted TWS counts its orders from the beginning and refuses clients until it is back.
    hall.nextIds.clear()
    hall.ordersFrom = hall.book.orders.all().length
    port.open(false)
  }
  if (event === 'back') port.open(true)
  if (event === 'fill-orders' || event === 'fill-part') {
    for (const order of hall.book.orders.all().filter(isWorking)) {
      const left = Dec.sub(order.ticket.qty, order.filled)
      const half = Dec.of(String(Math.max(1, Math.floor(Number(left) / 2))))
      hall.book.orders.fill(order, event === 'fill-orders' ? left : half)
    }
  }
}

/** Data was lost: what a client watched it must ask for again. */
function forget({ watching }: Session): void {
  watching.positions = false
  watching.account = null
  watching.summaries.clear()
}

function createControl(
  book: IbkrBook,
  knobs: TwsKnobs,
  box: FaultBox,
  requests: readonly RecordedRequest[],
  sockets: ReadonlySet<Socket>,
): SandboxControl {
  return {
    ...SANDBOX_CLIENTS.ibkr,
    apiKey: null,
    fault(fault) {
      box.set(fault)
      knobs.set('duplicates', fault?.name === 'duplicates' ? 'yes' : null)
      if (fault?.name === 'corrected') book.correct()
      if (fault?.name === 'dropped') for (const socket of sockets) socket.destroy()
    },
    // A socket on this machine has no tokens: nothing to renew, nothing to revoke.
    rotation: () => undefined,
    expireAccessTokens: () => undefined,
    revokeAll: () => undefined,
    addFill: () => book.addFill(),
    correct: execId => book.correct(execId),
    requests: () => [...requests],
    statements: () => book.statements(),
    knobs,
  }
}

interface Port {
  readonly server: Server
  start(port: number): Promise<number>
  /** Opens or closes the port again; closed, it refuses connections. */
  open(open: boolean): void
  stop(): Promise<void>
}

function createPort(host: string): Port {
  const server = createServer()
  let number = 0
  let opening: Promise<void> = Promise.resolve()
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, () => {
        server.removeListener('error', reject)
        resolve()
      })
    })
  return {
    server,
    async start(port) {
      await listen(port)
      const address = server.address()
      if (address === null || typeof address === 'string') throw new TypeError('the simulator has no port')
      number = address.port
      return number
    },
    open(open) {
      if (open === server.listening) return
      if (open) opening = listen(number).catch(() => undefined)
      else server.close()
    },
    async stop() {
      await opening
      if (!server.listening) return
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}

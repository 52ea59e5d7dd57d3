import { EXCHANGE_ZONE, toLocalDate } from '../../../../../shared/domain/time.ts'
import { midnightMs } from '../../calendar.ts'
import { createDice } from '../../dice.ts'
import { priceNow, priceOn } from '../../history.ts'
import { centsOf } from '../../instrument.ts'
import { contractOf } from '../contract.ts'
import { answerPnl, answerPnlSingle, answerPositions, answerSummary, answerUpdates } from './account-answers.ts'
import { contractDetails, currentTime, managedAccounts, nextValidId, notice } from './messages.ts'
import { answerCancel, answerCompleted, answerOpenOrders, answerPlace, cancelEverything } from './order-answers.ts'
import { contractQuery, executionFilter } from './requests.ts'
import { nextIdOf, sendCommission, sendExecution, shownAccount } from './session.ts'
import type { Hall, Session } from './session.ts'

const READ_ONLY = "Error validating request.-'bW' : cause - The API interface is currently in Read-Only mode."
const WRITING = [3, 4, 5, 15, 58, 99]
const DAY_MS = 86_400_000
const CANCEL_SHORT = 192

/** Answers one message of a started client. */
export function answer(hall: Hall, session: Session, fields: readonly string[]): void {
  const kind = Number(fields[0])
  if (hall.knobs.on('read-only') && WRITING.includes(kind)) {
    session.send(notice(kind === 3 || kind === 4 ? Number(fields[1]) : -1, 321, READ_ONLY))
    return
  }
  if (hall.knobs.on('pacing')) {
    session.pacingBreaches += 1
    session.send(notice(-1, 100, 'Max rate of messages per second has been exceeded.'))
    if (session.pacingBreaches >= 3) session.end()
    return
  }
  ANSWERS[kind]?.(hall, session, fields)
}

type Answer = (hall: Hall, session: Session, fields: readonly string[]) => void

const ANSWERS: Readonly<Record<number, Answer>> = {
  1: answerMarketData,
  3: answerPlace,
  4: (hall, session, fields) => answerCancel(hall, session, Number(fields[session.version >= CANCEL_SHORT ? 1 : 2])),
  5: (hall, session) => answerOpenOrders(hall, session, false),
  6: answerUpdates,
  7: answerExecutions,
  8: (hall, session) => session.send(nextValidId(nextIdOf(hall, session))),
  9: answerContract,
  15: (hall, session) => answerOpenOrders(hall, session, false),
  16: (hall, session) => answerOpenOrders(hall, session, true),
  17: (hall, session) => session.send(managedAccounts(hall.book.places().map(({ identity }) => shownAccount(hall, identity)))),
  49: (hall, session) => session.send(currentTime(hall.nowMs())),
  58: hall => cancelEverything(hall),
  59: (_hall, session, fields) => {
    session.marketDataType = Number(fields[2])
  },
  61: answerPositions,
  62: answerSummary,
  63: (_hall, session, fields) => {
    session.watching.summaries.delete(Number(fields[2]))
  },
  64: (_hall, session) => {
    session.watching.positions = false
  },
  92: answerPnl,
  94: answerPnlSingle,
  99: answerCompleted,
}

/** reqExecutions: the days of the trade log, today alone at IB Gateway. Commissions follow the executions. */
function answerExecutions(hall: Hall, session: Session, fields: readonly string[]): void {
  const filter = executionFilter(fields)
  const { since } = filter
  if (since === undefined) {
    const text = 'End Date/Time: The date, time, or time-zone entered is invalid. The correct format is yyyymmdd hh:mm:ss xx/xxxx'
    return session.send(notice(filter.reqId, 10_314, text))
  }
  const days = Number(hall.knobs.get('trade-log-days') ?? 7)
  const midnight = midnightMs(toLocalDate(hall.book.now(), EXCHANGE_ZONE))
  const from = Math.max(since, midnight - (days - 1) * DAY_MS)
  const found = hall.book
    .places()
    .filter(({ identity }) => filter.account === '' || shownAccount(hall, identity) === filter.account)
    .flatMap(place => hall.book.executions(place, from, hall.nowMs()))
    .filter(({ instrument, side, order }) => {
      const { symbol, secType } = contractOf(instrument)
      const sides = side === 'buy' ? ['', 'BUY', 'BOT'] : ['', 'SELL', 'SLD', 'SSHORT']
      const client = filter.clientId === 0 || filter.clientId === order.clientId
      return client && [symbol, ''].includes(filter.symbol) && [secType, ''].includes(filter.secType) && sides.includes(filter.side)
    })
  for (const execution of found) {
    sendExecution(hall, session, execution, filter.reqId)
    if (hall.knobs.on('duplicates')) sendExecution(hall, session, execution, filter.reqId)
    sendCommission(hall, session, execution)
  }
  session.send([55, 1, filter.reqId])
}

function answerContract(hall: Hall, session: Session, fields: readonly string[]): void {
  const reqId = Number(fields[2])
  const instrument = hall.book.contracts.find(contractQuery(fields, 3))
  if (!instrument) return session.send(notice(reqId, 200, 'No security definition has been found for the request'))
  session.send(contractDetails(reqId, contractOf(instrument), session.version))
  session.send([52, 1, reqId])
}

const LIVE = { bid: 1, ask: 2, last: 4, close: 9, volume: 8, traded: 45 } as const
const DELAYED = { bid: 66, ask: 67, last: 68, close: 75, volume: 74, traded: 88 } as const

/** reqMktData: bid, ask, last and yesterday's close, live or delayed. */
function answerMarketData(hall: Hall, session: Session, fields: readonly string[]): void {
  const reqId = Number(fields[2])
  const [place] = hall.book.places()
  const instrument = hall.book.contracts.find(contractQuery(fields, 3))
  if (!instrument || !place) return session.send(notice(reqId, 200, 'No security definition has been found for the request'))
  const mode = hall.knobs.get('market-data')
  const wantsDelayed = session.marketDataType >= 3
  if (mode === 'denied' || (mode === 'delayed' && !wantsDelayed)) {
    return session.send(notice(reqId, 354, 'Requested market data is not subscribed.'))
  }
  const delayed = mode === 'delayed'
  const ticks = delayed ? DELAYED : LIVE
  const text = 'Requested market data is not subscribed. Displaying delayed market data.'
  if (delayed) session.send(notice(reqId, 10_167, text))
  const cents = priceNow(place.market, instrument)
  const volume = createDice(hall.book.seed, 'volume', instrument.symbol).int(100_000, 9_000_000)
  session.send([58, 1, reqId, delayed ? 3 : 1])
  session.send([81, reqId, contractOf(instrument).minTick, '9c0001', 3])
  session.send([1, 6, reqId, ticks.bid, centsOf(Math.max(1, cents - 1)), 300, 1])
  session.send([1, 6, reqId, ticks.ask, centsOf(cents + 1), 500, 1])
  session.send([1, 6, reqId, ticks.last, centsOf(cents), 100, 0])
  session.send([46, 6, reqId, ticks.traded, Math.floor(hall.nowMs() / 1000)])
  session.send([2, 6, reqId, ticks.volume, volume])
  session.send([1, 6, reqId, ticks.close, centsOf(priceOn(place.market, instrument, place.market.days.length - 2)), 0, 0])
  if (fields[17] === '1') session.send([57, 1, reqId])
}

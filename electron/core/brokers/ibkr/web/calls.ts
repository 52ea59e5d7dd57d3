import { AppError } from '../../../../../shared/contract/errors.ts'
import type { BrokerHttp, BrokerSession, MethodSession } from '../../adapter.ts'
import { checkKind } from '../account-kind.ts'
import type { Stop } from '../way.ts'
import { createWebSession, type WebSession } from './session.ts'

/** What every call of a way in over the web needs. */
export interface WebCalls {
  readonly http: BrokerHttp
  readonly base: string
  readonly session: WebSession
  readonly paper: boolean
}

/** The calls of one way in. The session behind it belongs to the connection. */
export function webCalls({ clock, keep }: BrokerSession, way: MethodSession, paper: boolean): WebCalls {
  const base = way.method === 'gateway' ? 'gateway' : 'api'
  const session = keep(`web-${way.method}`, () => createWebSession(clock))
  const address = way.method === 'gateway' ? (URL.parse(way.bases['gateway'] ?? '')?.host ?? 'localhost:5000') : null
  const meant = (error: AppError): AppError => (address === null ? error : local(error, address))
  return { http: watched(way.http, error => noticed(meant(error), session), session.orders.outdate), base, session, paper }
}

/** The account, where this session may trade it and it is of the chosen kind. Throws broker/account-gone and auth/wrong-environment. */
export async function tradable({ http, base, session, paper }: WebCalls, account: string, stop: Stop): Promise<void> {
  const accounts = await session.brokerage(http, base, stop)
  checkKind(accounts, paper)
  if (!accounts.includes(account)) throw accountGone()
}

/** The same for one that only has to be seen. */
export async function readable({ http, base, session }: WebCalls, account: string, stop: Stop): Promise<void> {
  const accounts = await session.brokerage(http, base, stop)
  if (!accounts.includes(account) && !session.shown.has(account)) throw accountGone()
}

/** An account this sign-in does not have: another way in may. */
export function accountGone(): AppError {
  return new AppError('broker/account-gone', { details: { broker: 'Interactive Brokers' } })
}

const LAPSED = /no bridge|not authenticated/i

/** A session that IBKR ended, at night or because of another program, is not taken for open any longer. */
function noticed(error: AppError, session: WebSession): AppError {
  if (error.code === 'local/not-signed-in' || error.code === 'auth/sign-in-needed' || LAPSED.test(error.brokerSays ?? '')) session.lapsed()
  return error
}

function watched(http: BrokerHttp, meant: (error: AppError) => AppError, outdate: () => void): BrokerHttp {
  const told = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw error instanceof AppError ? meant(error) : error
    }
  }
  return {
    get: options => told(http.get(options)),
    getRows: options => told(http.getRows(options)),
    getHistory: options => told(http.getHistory(options)),
    getText: options => told(http.getText(options)),
    send(options) {
      outdate()
      // What was asked for meanwhile may have been answered before it came in.
      return told(http.send(options)).finally(outdate)
    },
    ask: options => told(http.ask(options)),
  }
}

/** The gateway is a program of the user's own: a refused line means it is not running, a 401 that nobody is signed in to it. */
function local(error: AppError, address: string): AppError {
  const details = { program: 'the Client Portal Gateway', address }
  const said = error.brokerSays === undefined ? {} : { brokerSays: error.brokerSays }
  if (error.code === 'net/offline') return new AppError('local/not-running', { details, cause: error })
  return error.code === 'auth/sign-in-needed' ? new AppError('local/not-signed-in', { details, cause: error, ...said }) : error
}

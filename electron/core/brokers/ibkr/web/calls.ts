import { AppError } from '../../../../../shared/contract/errors.ts'
import type { BrokerHttp, BrokerSession, MethodSession } from '../../adapter.ts'
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
  return { http: way.method === 'gateway' ? localHttp(way) : way.http, base, session, paper }
}

/** The gateway is a program of the user's own: a refused line means it is not running, a 401 that nobody is signed in to it. */
function localHttp({ http, bases }: MethodSession): BrokerHttp {
  const address = URL.parse(bases['gateway'] ?? '')?.host ?? 'localhost:5000'
  const told = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw error instanceof AppError ? local(error, address) : error
    }
  }
  return {
    get: options => told(http.get(options)),
    getRows: options => told(http.getRows(options)),
    getHistory: options => told(http.getHistory(options)),
    getText: options => told(http.getText(options)),
    send: options => told(http.send(options)),
    ask: options => told(http.ask(options)),
  }
}

function local(error: AppError, address: string): AppError {
  const details = { program: 'the Client Portal Gateway', address }
  const said = error.brokerSays === undefined ? {} : { brokerSays: error.brokerSays }
  if (error.code === 'net/offline') return new AppError('local/not-running', { details, cause: error })
  return error.code === 'auth/sign-in-needed' ? new AppError('local/not-signed-in', { details, cause: error, ...said }) : error
}

import { Instant } from '../../../../shared/domain/time.ts'
import { jsonReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import type { Knobs } from '../knobs.ts'
import type { Simulator } from '../simulator.ts'
import type { IbkrBook } from './book.ts'
import { ORDER_KNOBS } from './order-desk.ts'
import { authStatus, ssoValidate, tickle } from './web/accounts.ts'
import { fieldsOf, webError } from './web/body.ts'
import { WEB_BASE, WEB_KNOBS, routeWeb, tooMany } from './web/router.ts'
import { createWebSession, tooSoon } from './web/session.ts'

/**
 * The settings of the gateway stand beside those of every web stand. `session` is `logged-out` until somebody signs in at the
 * gateway's own page, `idle` until ssodh/init, or `competing` with another session of the same user.
 */
export const GATEWAY_KNOBS = [...ORDER_KNOBS, ...WEB_KNOBS, 'session']

type State = 'ready' | 'idle' | 'competing' | 'logged-out'

/** The Client Portal Gateway: no token, but a brokerage session that must be there. */
export function createGateway(book: IbkrBook, knobs: Knobs): Simulator {
  const session = createWebSession(book, knobs, () => book.places())
  const unauthorized = () => webError(401, 'not authenticated')
  const stateNow = (): State => {
    const name = knobs.get('session')
    return name === 'idle' || name === 'competing' || name === 'logged-out' ? name : 'ready'
  }
  const start = (ask: Ask): Reply => {
    const compete = fieldsOf(ask.body)['compete'] === true
    // A second session of the user goes on until the new one says that it competes.
    if (stateNow() === 'idle' || (stateNow() === 'competing' && compete)) knobs.set('session', null)
    const state = stateNow()
    return jsonReply(200, authStatus(state === 'logged-out' ? 'idle' : state))
  }
  const ofSession = (ask: Ask, path: string, state: Exclude<State, 'logged-out'>): Reply | undefined => {
    if (path === '/sso/validate') return jsonReply(200, ssoValidate(Instant.toEpochMs(book.now())))
    if (path === '/iserver/auth/status') return jsonReply(200, authStatus(state))
    if (path === '/iserver/auth/ssodh/init' && ask.method === 'POST') return start(ask)
    if (path === '/tickle') return jsonReply(200, tickle(state))
    if (path !== '/logout') return undefined
    knobs.set('session', 'logged-out')
    return jsonReply(200, { status: true })
  }
  return {
    grants: {
      expireAccess: () => knobs.set('session', 'idle'),
      revokeAll: () => knobs.set('session', 'logged-out'),
      setRotation: () => undefined,
    },
    isAuth: () => false,
    handle(ask) {
      const state = stateNow()
      if (!ask.path.startsWith(`${WEB_BASE}/`)) return webError(404, 'Not Found')
      if (state === 'logged-out') return unauthorized()
      const path = ask.path.slice(WEB_BASE.length)
      if (tooSoon(session, path)) return tooMany(undefined)
      const answered = ofSession(ask, path, state)
      if (answered) return answered
      if (state !== 'ready' && path.startsWith('/iserver/')) return webError(400, 'Bad Request: no bridge')
      return routeWeb(session, ask)
    },
    unauthorized,
    broken: status => webError(status, 'Internal Server Error'),
    tooMany,
    concerns: (path, index) => path.includes(`/${book.places()[index]?.identity.account ?? 'none'}/`),
    headers: () => ({}),
    addFill: () => book.addFill(),
    correct: execId => book.correct(execId),
    statements: () => book.statements(),
  }
}

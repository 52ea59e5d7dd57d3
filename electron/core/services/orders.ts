import { AppError } from '../../../shared/contract/errors.ts'
import type { orderRoutes } from '../../../shared/contract/orders.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { environmentWord } from '../../../shared/words/environment.ts'
import type { Broker } from '../brokers/adapter.ts'
import type { Handlers } from '../bus/router.ts'
import type { Reader } from '../db/connection.ts'
import type { Arming } from '../orders/arming.ts'
import type { Cancel } from '../orders/cancel.ts'
import { canonicalJson } from '../orders/canonical.ts'
import type { Yes } from '../orders/consent.ts'
import { armQuestion, limitsQuestion, loosened, REARM_QUESTION, settleQuestion, tradingQuestion } from '../orders/consent-words.ts'
import { deskView } from '../orders/desk.ts'
import { symbolOf } from '../orders/draft-of.ts'
import type { Gate } from '../orders/gate.ts'
import type { KillSwitch } from '../orders/kill-switch.ts'
import { type BrokersTime, globalLimits, limitsAround, lockedUntil, requireUnlocked } from '../orders/limits.ts'
import { orderCurrency } from '../orders/order-currency.ts'
import { orderRow, type OrderViewDeps } from '../orders/order-views.ts'
import { type Place, placedView } from '../orders/place.ts'
import { createPace } from '../orders/pace.ts'
import { pricesOf } from '../orders/reading.ts'
import type { Readiness } from '../orders/readiness.ts'
import { changed, type OrderCore } from '../orders/record.ts'
import type { Requests } from '../orders/requests.ts'
import type { Resolver } from '../orders/resolve.ts'
import type { Reviews } from '../orders/reviews.ts'
import { orderWords } from '../orders/sentences.ts'
import { settle } from '../orders/submit.ts'
import type { TradingSwitches } from '../orders/switches.ts'
import type { Venues } from '../orders/venues.ts'
import { accountsOf, getAccount } from '../store/accounts.ts'
import { getConnection, type StoredConnection } from '../store/connections.ts'
import { orderEvents } from '../store/order-events.ts'
import { getIntent, type Intent, intentOfOrder } from '../store/order-intents.ts'
import { accountLimits, readLimits, writeLimits } from '../store/order-limits.ts'
import { fillsOf, keyOfRow, orderKeys } from '../store/order-list.ts'
import { setTradingSwitch, type TradingSwitch } from '../store/trading-switches.ts'
import { quoteView } from './quote-view.ts'

export interface OrderHandlerDeps {
  readonly core: OrderCore
  /** Asked before more can be traded than before. */
  readonly yes: Yes
  readonly broker: (id: Connection['broker']) => Broker
  readonly kill: KillSwitch
  readonly gate: Gate
  readonly arming: Arming
  readonly switches: TradingSwitches
  readonly venues: Venues
  readonly reviews: Reviews
  readonly place: Place
  readonly cancel: Cancel
  readonly requests: Requests
  readonly resolver: Resolver
  readonly readiness: Readiness
}

type OrderHandlers = Pick<Handlers, Exclude<keyof typeof orderRoutes, `audit.${string}`>>

const REARM = 'TRADE'
/** In a minute, of all connections together. */
const MOST_SWITCHES = 20

/** Everything a window, a tray or a command asks of ordering. */
export function createOrderHandlers(deps: OrderHandlerDeps): OrderHandlers {
  return { ...switching(deps), ...ordering(deps), ...showing(deps), ...settling(deps), ...limiting(deps), ...asking(deps) }
}

type Some<R extends keyof OrderHandlers> = Pick<OrderHandlers, R>

/** What lets orders go or not. */
function switching(deps: OrderHandlerDeps): Some<'orders.desk' | 'orders.setTrading' | 'orders.arm' | 'orders.kill' | 'orders.rearm'> {
  const { core, yes, kill, arming, switches, requests, readiness } = deps
  const { db, clock, between, audit, log } = core
  const pace = createPace(clock, { most: MOST_SWITCHES, what: 'switches that let orders go' })
  return {
    'orders.desk': () => deskView({ reader: db.reader, broker: deps.broker, kill, gate: deps.gate, arming, switches }, requests.waiting()),
    async 'orders.setTrading'({ connectionId, on, automation }, { signal }) {
      const connection = connectionOf(deps, connectionId)
      if (on) requireAble(deps, connectionId)
      const before = switches.of(connection)
      const next = { isOn: on, automation: automation ?? before.automation }
      const isOther = before.isOn !== next.isOn || before.automation !== next.automation
      // Off is never refused; it leaves no row without an on before it.
      if (isOther && (on || !before.isOn)) pace.take()
      if (on && connection.environment === 'live' && !(before.isOn && isNoFreer(before, next))) {
        const accounts = accountsOf(db.reader, connectionId).filter(({ excluded }) => !excluded)
        await yes.require(tradingQuestion(deps.broker(connection.broker).name, accounts, next), { signal })
        requireAble(deps, connectionId)
      }
      // Saying again what is so already leaves no row: a program could fill the record with them.
      if (isOther)
        await between(() =>
          db.writer.tx(w => {
            setTradingSwitch(w, connection.id, next, clock.now())
            audit.append(w, {
              kind: on ? 'trading.on' : 'trading.off',
              accountId: null,
              intentId: null,
              sentence: switchedSentence(deps, connection, next),
              facts: { connection: connection.id, automation: next.automation },
            })
          }),
        )
      changed(core)
      if (on) readiness.warm(connection.id).catch((cause: unknown) => log.info('orders.not-ready', { connectionId: connection.id, cause }))
      return {}
    },
    async 'orders.arm'({ accountId, digits }, { signal }) {
      const account = getAccount(db.reader, accountId)
      if (!account) throw new AppError('app/not-found')
      arming.check(account, digits)
      const { broker, environment } = connectionOf(deps, account.connectionId)
      if (environment === 'live' && !arming.isArmed(accountId))
        await yes.require(armQuestion(deps.broker(broker).name, account), { signal })
      if (arming.isArmed(accountId)) return {}
      arming.arm(account, digits)
      await between(() =>
        db.writer.tx(w =>
          audit.append(w, {
            kind: 'trading.armed',
            accountId,
            intentId: null,
            sentence: 'The digits of a live account were typed: orders may go for this run.',
          }),
        ),
      )
      changed(core)
      return {}
    },
    'orders.kill'({ by }) {
      if (kill.pull(by)) audit.note({ kind: 'kill.on', accountId: null, intentId: null, sentence: `The kill switch was pulled (${by}).` })
      changed(core)
      return {}
    },
    async 'orders.rearm'({ phrase }, { signal }) {
      if (phrase.trim() !== REARM) throw new AppError('order/wrong-phrase')
      if (kill.state() === null) return {}
      pace.take()
      await yes.require(REARM_QUESTION, { signal })
      await between(() =>
        db.writer.tx(w => {
          audit.append(w, { kind: 'kill.off', accountId: null, intentId: null, sentence: 'The kill switch was taken back.' })
          kill.release()
        }),
      )
      changed(core)
      return {}
    },
  }
}

function ordering({
  core,
  venues,
  reviews,
  place,
  cancel,
}: OrderHandlerDeps): Some<'orders.quote' | 'orders.review' | 'orders.place' | 'orders.cancel'> {
  return {
    async 'orders.quote'({ accountId, symbol, assetClass }, { signal }) {
      const wanted = symbolOf({ symbol, assetClass })
      const found = (await pricesOf(await venues.of(accountId), [wanted], { signal })).find(quote => quote.symbol === wanted)
      return found ? quoteView(found, core.clock.now()) : null
    },
    'orders.review': (ticket, { signal }) => reviews.review(ticket, { signal }),
    'orders.place': ({ reviewId, hash, confirmed }, { signal }) => place({ reviewId, hash, confirmed, from: 'window', signal }),
    'orders.cancel': async ({ accountId, externalId }) => placedView(await cancel(accountId, externalId)),
  }
}

function showing(deps: OrderHandlerDeps): Some<'orders.list' | 'orders.detail'> {
  const { reader } = deps.core.db
  /** Asked once for each connection and answer. */
  const views = (): OrderViewDeps => {
    const known = new Map<ConnectionId, ReturnType<OrderViewDeps['can']>>()
    const asked = (connection: Connection): ReturnType<OrderViewDeps['can']> => {
      const isOn = deps.switches.isOn(connection)
      // Taking an order back only lowers what can be lost, so no switch is asked.
      const cancel = deps.switches.obstacle(connection) === null
      return { cancel, replace: isOn && deps.broker(connection.broker).can.trading?.replace === true }
    }
    return {
      reader,
      can(connection) {
        const can = known.get(connection.id) ?? asked(connection)
        known.set(connection.id, can)
        return can
      },
    }
  }
  return {
    'orders.list'(query) {
      const { keys, next } = orderKeys(reader, query)
      const rows = views()
      return { rows: keys.map(key => orderRow(rows, key)), next }
    },
    'orders.detail'({ id }) {
      const key = keyOfRow(id)
      if (!key) throw new AppError('app/not-found')
      const order = orderRow(views(), key)
      const { accountId, externalId } = order
      const intent = key.kind === 'intent' ? getIntent(reader, key.intentId) : intentOfOrder(reader, accountId, key.externalId)
      const events = orderEvents(reader, { accountId, externalId, intentId: intent?.id ?? null })
      return {
        order,
        ticket: intent?.ticket ?? null,
        events: events.map(({ at, kind, detail }) => ({ at, kind, sentence: detail.sentence, brokerSays: detail.brokerSays ?? null })),
        fills: externalId === null ? [] : fillsOf(reader, accountId, externalId, order.submittedAt),
      }
    },
  }
}

function settling({ core, yes, broker, resolver }: OrderHandlerDeps): Some<'orders.resolve' | 'orders.settle'> {
  const { db, audit, between } = core
  const inDoubt = (intentId: string): Intent => {
    const intent = getIntent(db.reader, intentId)
    if (intent?.outcome !== 'unknown') throw new AppError('app/not-found')
    return intent
  }
  return {
    'orders.resolve': async ({ intentId }) => placedView(await resolver.look(intentId)),
    async 'orders.settle'({ intentId, outcome }, { signal }) {
      const { accountId, environment, kind, draft, connectionId } = inDoubt(intentId)
      const connection = getConnection(db.reader, connectionId)
      const at = connection ? broker(connection.broker).name : 'its broker'
      // A cancellation in doubt keeps nothing from being sent.
      const words = draft ? orderWords(draft, orderCurrency(db.reader, accountId, draft)) : ''
      if (environment === 'live' && kind !== 'cancel') await yes.require(settleQuestion(at, words, outcome), { signal })
      // It may have been found while the box stood open.
      const intent = inDoubt(intentId)
      await between(() =>
        db.writer.tx(w =>
          audit.append(w, {
            kind: 'order.settled',
            accountId: intent.accountId,
            intentId,
            sentence: `The user saw at the broker what became of it: ${outcome}.`,
          }),
        ),
      )
      const settled = await settle(core, intent, { outcome, placed: null, error: null })
      changed(core)
      return placedView(settled)
    },
  }
}

/** `Trading was switched on at Alpaca, paper, for ••••6789. Programs may order there without asking.` */
function switchedSentence({ core, broker }: OrderHandlerDeps, { id, broker: at, environment }: Connection, { isOn, automation }: TradingSwitch): string {
  const numbers = accountsOf(core.db.reader, id).map(({ maskedNumber }) => maskedNumber)
  const where = [broker(at).name, environmentWord(environment).toLowerCase(), ...(numbers.length > 0 ? [`for ${numbers.join(' and ')}`] : [])].join(', ')
  const programs = isOn && automation === 'direct' ? ' Programs may order there without asking.' : ''
  return `Trading was switched ${isOn ? 'on' : 'off'} at ${where}.${programs}`
}

function limiting({ core, yes }: OrderHandlerDeps): Some<'orders.limits' | 'orders.setLimits'> {
  const { db, clock, between, audit, aheadMs, isTimeKnown = () => true } = core
  const pace = createPace(clock, { most: MOST_SWITCHES, what: 'changes of limits' })
  /** The brokers' time: a clock that was set does not begin the next day. */
  const today = (): BrokersTime => ({ now: Instant.plus(clock.now(), -aheadMs()), isKnown: isTimeKnown() })
  return {
    'orders.limits': () => ({
      global: mutable(globalLimits(db.reader)),
      accounts: accountLimits(db.reader).map(({ accountId, limits }) => ({ accountId, limits: mutable(limits) })),
      lockedUntil: lockedUntil(db.reader, today().now),
    }),
    async 'orders.setLimits'({ accountId, limits: given }, { signal }) {
      const upper = (symbols: readonly string[]): string[] => [...new Set(symbols.map(symbol => symbol.toUpperCase()))]
      const limits = given && { ...given, allow: given.allow && upper(given.allow), deny: upper(given.deny) }
      const account = accountId === null ? null : getAccount(db.reader, accountId)
      if (accountId !== null && !account) throw new AppError('app/not-found')
      requireUnlocked(db.reader, today(), { accountId, next: limits })
      const looserThan = (reader: Reader): string[] => {
        const { before, after } = limitsAround(reader, accountId, limits)
        return loosened(before, after)
      }
      if (canonicalJson(limits) === canonicalJson(readLimits(db.reader, accountId))) return {}
      const asked = looserThan(db.reader)
      // Tighter limits are never refused.
      if (asked.length > 0) pace.take()
      if (asked.length > 0) await yes.require(limitsQuestion(asked, account && `${account.name} ${account.maskedNumber}`), { signal })
      await between(() =>
        db.writer.tx(w => {
          requireUnlocked(w, today(), { accountId, next: limits })
          // Others may have changed them while the box stood open.
          if (looserThan(w).some(line => !asked.includes(line))) throw new AppError('order/not-confirmed')
          writeLimits(w, accountId, limits, clock.now())
          audit.append(w, {
            kind: 'limits.changed',
            accountId,
            intentId: null,
            sentence: limits === null ? 'Limits were taken away.' : 'Limits were changed.',
            facts: { limits: JSON.stringify(limits) },
          })
        }),
      )
      changed(core)
      return {}
    },
  }
}

function asking({ requests }: OrderHandlerDeps): Some<'orders.request' | 'orders.requests' | 'orders.approve' | 'orders.decline'> {
  return {
    'orders.request': (asked, { signal }) => requests.ask(asked, { signal }),
    'orders.requests': ({ id }) => requests.list(id),
    'orders.approve': (answer, { signal }) => requests.approve(answer, { signal }),
    async 'orders.decline'({ id }) {
      await requests.decline(id)
      return {}
    },
  }
}

function mutable(
  limits: ReturnType<typeof globalLimits>,
): { allow: string[] | null; deny: string[] } & Omit<typeof limits, 'allow' | 'deny'> {
  return { ...limits, allow: limits.allow === null ? null : [...limits.allow], deny: [...limits.deny] }
}

/** Whether programs may do no more with a switch than with the one before. */
function isNoFreer(before: TradingSwitch, next: TradingSwitch): boolean {
  return next.automation === 'approve' || before.automation === 'direct'
}

/** Throws what keeps a connection from ordering. */
function requireAble(deps: OrderHandlerDeps, id: ConnectionId): void {
  const obstacle = deps.switches.obstacle(connectionOf(deps, id))
  if (obstacle) throw obstacle
}

function connectionOf({ core }: OrderHandlerDeps, id: ConnectionId): StoredConnection {
  const connection = getConnection(core.db.reader, id)
  if (!connection) throw new AppError('app/not-found')
  return connection
}

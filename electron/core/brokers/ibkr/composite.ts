import { AppError } from '../../../../shared/contract/errors.ts'
import { LocalDate as Days } from '../../../../shared/domain/time.ts'
import type { ActivityPage, BrokerActivity, BrokerOrder, DateRange, MethodSession, Trading } from '../adapter.ts'
import type { AdapterCalls } from '../lazy-adapter.ts'
import type { FlexWay } from './flex/client.ts'
import type { Executions, Stop, Way } from './way.ts'

export interface CompositeParts {
  /** TWS, gateway and web API as far as the connection has them, the preferred one first. */
  readonly live: readonly Way[]
  readonly flex: FlexWay | null
  readonly report: (method: MethodSession['method'], failure: AppError | null) => void
}

/** TWS and the web API reach back a week at most. */
export const LIVE_DAYS = 7
/** Stands for the first page of Flex, to be tried again after the executions of the last days were saved. */
const AGAIN = 'again'

/**
 * One adapter over all ways in of a connection. What is now comes from the first live way that works; history comes from Flex,
 * completed by the live executions of the last days that Flex does not have yet. The same execution has the same id everywhere, and
 * Flex's row of it is the one that counts until a later state of it is told; rows carry that precedence into what is stored.
 */
export function createComposite({ live, flex, report }: CompositeParts): AdapterCalls {
  /** The answer of the first way that has one. How each fared is reported; with a failure that is `fine` a way works all the same. */
  async function first<T>(
    ask: (way: Way) => Promise<T>,
    goesOn: (error: AppError) => boolean = isPassing,
    fine: (error: AppError) => boolean = isElsewhere,
  ): Promise<T> {
    let failure: AppError | undefined
    for (const way of live) {
      try {
        const answer = await ask(way)
        report(way.method, null)
        return answer
      } catch (error) {
        if (!(error instanceof AppError) || !goesOn(error)) throw error
        if (isPassing(error)) report(way.method, fine(error) ? null : error)
        // What one way does not have, another may have that does not answer now.
        if (!failure || isElsewhere(failure)) failure = error
      }
    }
    throw failure ?? notOffered()
  }

  async function viaFlex<T>(ask: (way: FlexWay) => Promise<T>): Promise<T> {
    if (!flex) throw notOffered()
    try {
      const answer = await ask(flex)
      report('flex', null)
      return answer
    } catch (error) {
      if (error instanceof AppError && error.code !== 'app/canceled') report('flex', error)
      throw error
    }
  }

  /** Only the list of accounts may come from the statement of the day before while nothing live answers: what is held now may not. */
  async function accounts(stop: Stop) {
    if (live.length === 0) return viaFlex(way => way.accounts(stop))
    try {
      return await first(way => way.accounts(stop))
    } catch (error) {
      if (!flex || !(error instanceof AppError) || !isPassing(error)) throw error
      return viaFlex(way => way.accounts(stop)).catch(() => {
        throw error
      })
    }
  }

  async function executions(account: string, range: DateRange, stop: Stop): Promise<Executions> {
    const from = Days.plusDays(range.to, -LIVE_DAYS)
    return first(way => way.executions(account, { from: from > range.from ? from : range.from, to: range.to }, stop))
  }

  async function activities(account: string, range: DateRange, cursor: string | null, stop: Stop): Promise<ActivityPage> {
    if (!flex) return { ...(await executions(account, range, stop)), next: null }
    if (cursor !== null && cursor !== AGAIN) return viaFlex(way => way.page(account, range, cursor, stop))
    try {
      const page = await viaFlex(way => way.page(account, range, null, stop))
      return live.length === 0 ? page : joined(page, await executions(account, range, stop).catch(unlessPassing))
    } catch (error) {
      if (live.length === 0 || !(error instanceof AppError) || !isPassing(error)) throw error
      // What the last days brought is saved first; then the range stays open until Flex has answered.
      if (cursor === AGAIN) throw historyStopped(error)
      return { ...(await executions(account, range, stop)), next: AGAIN }
    }
  }

  const order = async <T>(ask: (trading: Trading) => Promise<T>): Promise<T> => first(way => ask(way.trading), neverLeft)
  const known = async <T>(ask: (way: Way) => Promise<T>): Promise<T> =>
    first(ask, error => neverLeft(error) || error.code === 'order/not-found' || error.code === 'order/not-shown')

  return {
    testConnection: async stop => ({ accounts: (await (live.length === 0 ? viaFlex(way => way.check(stop)) : accounts(stop))).length }),
    accounts,
    balances: async (account, { signal, currency }) => {
      const all = await (live.length === 0
        ? viaFlex(way => way.balances(account, { signal }))
        : first(way => way.balances(account, { signal })))
      return currency === undefined ? all : all.filter(balance => balance.currency === currency)
    },
    positions: (account, stop) =>
      live.length === 0 ? viaFlex(way => way.positions(account, stop)) : first(way => way.positions(account, stop)),
    orders: (account, query, stop): Promise<BrokerOrder[]> =>
      live.length === 0
        ? Promise.reject(new AppError('order/not-shown', { details: { program: 'A Flex report' } }))
        : first(
            way => way.orders(account, query, stop),
            error => isPassing(error) || error.code === 'order/not-shown',
          ),
    orderStatus: (account, orderId, stop) => known(way => way.orderStatus(account, orderId, stop)),
    dayZones: () => Promise.resolve(live.flatMap(way => way.zone?.() ?? [])),
    activities,
    quotes: (symbols, stop) => (live.length === 0 ? Promise.resolve([]) : first(way => way.quotes(symbols, stop), isPassing, isUnpriced)),
    trading: {
      previewOrder: (account, draft, stop) => order(trading => trading.previewOrder(account, draft, stop)),
      placeOrder: (account, draft, stop) => order(trading => trading.placeOrder(account, draft, stop)),
      replaceOrder: (account, orderId, draft, stop) => known(way => way.trading.replaceOrder(account, orderId, draft, stop)),
      cancelOrder: (account, orderId, stop) => known(way => way.trading.cancelOrder(account, orderId, stop)),
    },
  }
}

/** Another way in may do better, unless the user stopped it or the request itself is wrong. */
function isPassing({ code }: AppError): boolean {
  return !/^(?:app|vault|order)\//.test(code)
}

/** A way in that works, and does not have what was asked for. */
function isElsewhere({ code }: AppError): boolean {
  return code === 'broker/account-gone' || code === 'order/not-found' || code === 'order/not-shown'
}

/** Prices want a permission of their own, so a way in that refuses them may do everything else. */
function isUnpriced(error: AppError): boolean {
  return isElsewhere(error) || error.code === 'broker/refused' || error.code === 'broker/scope-missing'
}

/** Only what never left may go another way: an order must not be sent twice. */
function neverLeft(error: AppError): boolean {
  return isPassing(error) || error.code === 'order/read-only' || error.code === 'order/not-offered'
}

function unlessPassing(error: unknown): null {
  if (error instanceof AppError && isPassing(error)) return null
  throw error
}

function joined(page: ActivityPage, recent: Executions | null): ActivityPage {
  if (!recent) return page
  const [told, live] = [precedences(page.rows), precedences(recent.rows)]
  const rows = page.rows.filter(row => precedence(row) >= (live.get(row.facts.externalId) ?? -Infinity))
  return { ...page, rows: [...recent.rows.filter(row => precedence(row) > (told.get(row.facts.externalId) ?? -Infinity)), ...rows] }
}

/** Of each row told; statements may tell one several times. */
function precedences(rows: readonly BrokerActivity[]): Map<string, number> {
  const found = new Map<string, number>()
  for (const row of rows) found.set(row.facts.externalId, Math.max(precedence(row), found.get(row.facts.externalId) ?? -Infinity))
  return found
}

function precedence(row: BrokerActivity): number {
  return row.precedence ?? 0
}

/** A dead Flex token ends no sign-in: the other ways in still work. */
function historyStopped(error: AppError): AppError {
  if (!error.code.startsWith('auth/')) return error
  return new AppError('flex/stopped', { cause: error, ...(error.brokerSays === undefined ? {} : { brokerSays: error.brokerSays }) })
}

function notOffered(): AppError {
  return new AppError('order/not-offered', { details: { broker: 'Interactive Brokers' } })
}

import type { BrokerAdapter, Trading } from './adapter.ts'

/** What an adapter knows without asking the broker. */
export type AdapterFacts = Pick<BrokerAdapter, 'historyStart' | 'overlapDays' | 'ownCursors'>
/** What an adapter asks the broker. */
export type AdapterCalls = Omit<BrokerAdapter, keyof AdapterFacts>

/**
 * An adapter whose client, with its schemas and their compiler, loads with the first call and not with the app. `trades` says
 * whether the client will have order calls.
 */
export function lazyAdapter(load: () => Promise<AdapterCalls>, { trades, ...facts }: AdapterFacts & { readonly trades: boolean }): BrokerAdapter {
  let loading: Promise<AdapterCalls> | undefined
  const client = (): Promise<AdapterCalls> => (loading ??= load())
  return {
    ...facts,
    testConnection: async options => (await client()).testConnection(options),
    accounts: async options => (await client()).accounts(options),
    // Some brokers can be asked for one currency, all can be read for it.
    balances: async (account, options) => {
      const balances = await (await client()).balances(account, options)
      return options.currency === undefined ? balances : balances.filter(({ currency }) => currency === options.currency)
    },
    positions: async (account, options) => (await client()).positions(account, options),
    orders: async (account, query, options) => (await client()).orders(account, query, options),
    orderStatus: async (account, orderId, options) => (await client()).orderStatus(account, orderId, options),
    activities: async (account, range, cursor, options) => (await client()).activities(account, range, cursor, options),
    quotes: async (symbols, options) => (await client()).quotes(symbols, options),
    dayZones: async () => (await (await client()).dayZones?.()) ?? [],
    revoke: async options => (await client()).revoke?.(options),
    trading: trades ? lazyTrading(client) : null,
  }
}

function lazyTrading(client: () => Promise<AdapterCalls>): Trading {
  const trading = async (): Promise<Trading> => {
    const { trading: calls } = await client()
    if (!calls) throw new TypeError('the client has no order calls')
    return calls
  }
  return {
    previewOrder: async (account, draft, options) => (await trading()).previewOrder(account, draft, options),
    placeOrder: async (account, draft, options) => (await trading()).placeOrder(account, draft, options),
    replaceOrder: async (account, orderId, draft, options) => (await trading()).replaceOrder(account, orderId, draft, options),
    cancelOrder: async (account, orderId, options) => (await trading()).cancelOrder(account, orderId, options),
  }
}

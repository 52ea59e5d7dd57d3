import type { BrokerAdapter } from './adapter.ts'

/** What an adapter knows without asking the broker. */
export type AdapterFacts = Pick<BrokerAdapter, 'historyStart' | 'overlapDays' | 'ownCursors'>
/** What an adapter asks the broker. */
export type AdapterCalls = Omit<BrokerAdapter, keyof AdapterFacts>

/** An adapter whose client, with its schemas and their compiler, loads with the first call and not with the app. */
export function lazyAdapter(load: () => Promise<AdapterCalls>, facts: AdapterFacts): BrokerAdapter {
  let loading: Promise<AdapterCalls> | undefined
  const client = (): Promise<AdapterCalls> => (loading ??= load())
  return {
    ...facts,
    testConnection: async options => (await client()).testConnection(options),
    accounts: async options => (await client()).accounts(options),
    balances: async (account, options) => (await client()).balances(account, options),
    positions: async (account, options) => (await client()).positions(account, options),
    orders: async (account, range, options) => (await client()).orders(account, range, options),
    activities: async (account, range, cursor, options) => (await client()).activities(account, range, cursor, options),
  }
}

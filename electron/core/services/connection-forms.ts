import { AppError } from '../../../shared/contract/errors.ts'
import { endedDayProblem } from '../../../shared/domain/form-day.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { BrokerAccount, BrokerAdapter, BrokerBalance } from '../brokers/adapter.ts'
import type { Handlers } from '../bus/router.ts'
import type { Db } from '../db/open.ts'
import type { Clock } from '../ports.ts'
import { maskNumber } from '../sync/adopt.ts'
import { getConnection } from '../store/connections.ts'
import { requireOpen, type Vault } from '../vault/vault.ts'
import type { BrokerDesk } from './broker-desk.ts'
import { createCarriedTokens } from './carried-tokens.ts'
import type { createConnect } from './connect.ts'
import type { createFormCandidates, FormInput } from './form-candidates.ts'
import type { Keepers } from './keepers.ts'
import type { WaysIn } from './ways-in.ts'

export interface ConnectionFormsDeps {
  readonly db: Db
  readonly vault: Vault
  readonly desk: BrokerDesk
  readonly clock: Clock
  readonly keepers: Keepers
  readonly ways: Pick<WaysIn, 'typed'>
  readonly connect: ReturnType<typeof createConnect>
  readonly candidate: ReturnType<typeof createFormCandidates>
  readonly ensureSandbox: () => Promise<void>
}

type FormHandlers = Pick<Handlers, 'brokers.suggest' | 'connections.try' | 'connections.withForm'>

/** Accounts whose value is asked for when a form is tried. */
const MOST_VALUED = 10

/** Connecting with what a form holds: keys, a token, a program on this machine. */
export function createConnectionForms(deps: ConnectionFormsDeps): FormHandlers {
  const { db, vault, desk, clock, keepers, ways, connect, candidate, ensureSandbox } = deps
  const carried = createCarriedTokens(clock)
  let tries = 0

  /** Everything that can be wrong before anything is sent. */
  async function prepare(input: Omit<FormInput, 'values'>): Promise<void> {
    if (input.environment === 'sandbox') await ensureSandbox()
    desk.offer(input.broker, input.environment, input.method)
  }

  /** Renewing a form takes what is left out of it from the one before: a new token needs no other field typed again. */
  function renewed({ broker, environment, method, values }: FormInput, reconnect: ConnectionId | null): FormInput['values'] {
    if (reconnect === null) return values
    // What was sealed for one broker and environment is never sent to another.
    const connection = getConnection(db.reader, reconnect)
    if (connection?.broker !== broker || connection.environment !== environment) throw new AppError('app/not-found')
    const before = ways.typed(reconnect, method)
    const fields = desk.broker(broker).methods.find(one => one.method === method)?.fields ?? []
    const kept: Record<string, string> = {}
    for (const field of fields) {
      const { name, kind } = field
      const isLeftOut = values[name] === undefined || (kind === 'secret' && values[name].trim() === '')
      const known = before[name]
      // A day that has passed since ended with what is renewed.
      if (isLeftOut && known !== undefined && endedDayProblem(field, known, clock.now()) === null) kept[name] = known
    }
    return { ...values, ...kept }
  }

  /** Refused keys are the user's to correct: nothing has ended yet. */
  async function asForm<T>({ broker }: FormInput, run: () => Promise<T>): Promise<T> {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'auth/sign-in-needed') throw error
      const { brokerSays } = error
      throw new AppError('auth/bad-keys', {
        details: { broker: desk.broker(broker).name },
        cause: error,
        ...(brokerSays === undefined ? {} : { brokerSays }),
      })
    }
  }

  return {
    async 'brokers.suggest'(input, { signal }) {
      await prepare(input)
      const info = desk.broker(input.broker).methods.find(({ method }) => method === input.method)
      const found = (await info?.suggest?.({ signal, environment: input.environment })) ?? []
      return found.map(({ label, values }) => ({ label, values: { ...values } }))
    },
    async 'connections.try'(input, { signal }) {
      await prepare(input)
      const began = clock.monotonicMs()
      const { broker, environment } = input
      const scope = `form ${(tries += 1)}`
      try {
        return await asForm(input, async () => {
          const { way } = await candidate(input, { signal, carried })
          const adapter = desk.adapter({ broker, environment, ways: [way], keep: keepers.of(scope) })
          const accounts = await adapter.accounts({ signal })
          if (accounts.length === 0) throw new AppError('broker/no-accounts')
          const values = desk.broker(broker).can.balances ? await valuesOf(adapter, accounts, signal) : []
          return {
            ms: Math.round(clock.monotonicMs() - began),
            accounts: accounts.map((account, at) => shown(account, values[at])),
          }
        })
      } finally {
        await keepers.close(scope)
      }
    },
    async 'connections.withForm'(input, { signal }) {
      requireOpen(vault)
      await prepare(input)
      const { broker, environment, reconnect = null } = input
      return asForm(input, async () => {
        const { way, form, save, settled } = await candidate({ ...input, values: renewed(input, reconnect) }, { signal, carried })
        const connected = await connect({ broker, environment, scopes: [], reconnect, candidate: way, form, save, signal })
        settled()
        return connected
      })
    },
  }
}

/** The value of each account, where the broker says it in time; a report without balances is no failure. */
async function valuesOf(
  adapter: BrokerAdapter,
  accounts: readonly BrokerAccount[],
  signal: AbortSignal,
): Promise<(BrokerBalance | undefined)[]> {
  const read = accounts.slice(0, MOST_VALUED).map(async ({ key, currency }) => {
    const balances = await adapter.balances(key, { signal })
    return balances.find(balance => balance.currency === currency) ?? balances[0]
  })
  const settled = await Promise.allSettled(read)
  signal.throwIfAborted()
  return settled.map(result => (result.status === 'fulfilled' ? result.value : undefined))
}

function shown({ name, number, type, currency }: BrokerAccount, balance: BrokerBalance | undefined) {
  return {
    name,
    maskedNumber: maskNumber(number),
    type,
    currency: balance?.currency ?? currency,
    netLiquidation: balance?.netLiquidation ?? null,
  }
}

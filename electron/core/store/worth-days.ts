import type { Balance } from '../../../shared/domain/account.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { EXCHANGE_ZONE, Instant, type LocalDate, toLocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instant, json, micros, text, textOrNull } from './cells.ts'

/** What a broker said an account was worth: the last reading of a day in the exchange's zone. */
export interface WorthDay {
  readonly accountId: AccountId
  readonly currency: string
  readonly day: LocalDate
  readonly netLiquidation: Dec | null
  readonly cash: Dec | null
  readonly asOf: Instant
}

/** Keeps what was just read; an older reading never replaces a newer one. Call it in the transaction that saves the balances. */
export function saveWorth(
  writer: Writer,
  accountId: AccountId,
  balances: readonly Pick<Balance, 'currency' | 'netLiquidation' | 'cash' | 'asOf'>[],
): void {
  for (const { currency, netLiquidation, cash, asOf } of balances) {
    writer.run(sql`
      INSERT INTO worth_days (account, currency, day, net_liquidation, cash, as_of)
      SELECT n, ${currency}, ${toLocalDate(asOf, EXCHANGE_ZONE)}, ${netLiquidation}, ${cash}, ${micros(asOf)} FROM accounts WHERE id = ${accountId}
      ON CONFLICT (account, currency, day) DO UPDATE SET net_liquidation = excluded.net_liquidation, cash = excluded.cash, as_of = excluded.as_of
        WHERE excluded.as_of >= as_of`)
    if (netLiquidation !== null) keepFirst(writer, accountId, { currency, netLiquidation, asOf })
  }
}

/** The first reading of a day. */
export interface FirstWorth {
  readonly day: LocalDate
  readonly netLiquidation: Dec
  readonly asOf: Instant
}

const firstName = (accountId: AccountId, currency: string): string => `first-worth.${accountId}.${currency}`
/** A clock that was set ahead and back must not cost the day its first reading: that of some other days is kept beside it. */
const FIRSTS = 4

/** The last reading replaces all before it of its day, so the first one is kept apart. */
function keepFirst(
  writer: Writer,
  accountId: AccountId,
  reading: { readonly currency: string; readonly netLiquidation: Dec; readonly asOf: Instant },
): void {
  const { currency, netLiquidation, asOf } = reading
  const day = toLocalDate(asOf, EXCHANGE_ZONE)
  const name = firstName(accountId, currency)
  const kept = readFirsts(writer, name)
  const own = kept.find(first => first.day === day)
  if (own && !Instant.isBefore(asOf, own.asOf)) return
  const others = kept.filter(first => first.day !== day).toSorted((a, b) => (a.day < b.day ? 1 : -1))
  const firsts: FirstWorth[] = [{ day, netLiquidation, asOf }, ...others].slice(0, FIRSTS)
  writer.run(
    sql`INSERT INTO meta (name, value) VALUES (${name}, ${JSON.stringify(firsts)}) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  )
}

function readFirsts(reader: Reader, name: string): readonly FirstWorth[] {
  const row = reader.get(sql`SELECT value FROM meta WHERE name = ${name}`)
  // It was one alone before.
  return row ? [json<FirstWorth | readonly FirstWorth[]>(row, 'value')].flat() : []
}

/** The first reading of an account in a currency on a day; null when there is none. */
export function firstWorthOf(reader: Reader, accountId: AccountId, currency: string, day: LocalDate): FirstWorth | null {
  return readFirsts(reader, firstName(accountId, currency)).find(first => first.day === day) ?? null
}

/** The last reading of an account in a currency on a day before `day`; null when there is none. */
export function worthBefore(reader: Reader, accountId: AccountId, currency: string, day: LocalDate): WorthDay | null {
  const row = reader.get(sql`
    SELECT w.* FROM worth_days w JOIN accounts a ON a.n = w.account
    WHERE a.id = ${accountId} AND w.currency = ${currency} AND w.day < ${day} ORDER BY w.day DESC LIMIT 1`)
  if (!row) return null
  return {
    accountId,
    currency,
    day: text<LocalDate>(row, 'day'),
    netLiquidation: textOrNull<Dec>(row, 'net_liquidation'),
    cash: textOrNull<Dec>(row, 'cash'),
    asOf: instant(row, 'as_of'),
  }
}

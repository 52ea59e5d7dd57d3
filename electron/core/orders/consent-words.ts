import type { Dec } from '../../../shared/domain/decimal.ts'
import { Dec as Decimal } from '../../../shared/domain/decimal.ts'
import type { OrderLimits } from '../../../shared/domain/order-limits.ts'
import type { ConsentQuestion } from '../ports.ts'
import type { TradingSwitch } from '../store/trading-switches.ts'
import { plain } from './sentences.ts'

/** Text of others in a box: one line, and not so long that it pushes the rest out of sight. */
const short = (text: string): string => plain(text).slice(0, 60)

/** Names the broker by what it is: the name a connection goes by can be changed by whoever asks. */
export function tradingQuestion(
  broker: string,
  accounts: readonly { readonly name: string; readonly maskedNumber: string }[],
  { automation }: Pick<TradingSwitch, 'automation'>,
): ConsentQuestion {
  const named = accounts.slice(0, 5).map(({ name, maskedNumber }) => `${short(name)} ${short(maskedNumber)}`)
  const more = accounts.length > named.length ? ` and ${accounts.length - named.length} more` : ''
  const programs =
    automation === 'direct'
      ? 'Programs on this computer will trade there without your review, inside your limits.'
      : 'Programs on this computer can ask for orders, which wait for your review.'
  return {
    message: `Switch on trading with REAL MONEY at ${broker}?`,
    detail: `Accounts: ${named.join(', ')}${more}.\n\n${programs}\n\nIf you did not just ask for this, say no.`,
    yes: 'Switch on real trading',
  }
}

export function armQuestion(broker: string, account: { readonly name: string; readonly maskedNumber: string }): ConsentQuestion {
  return {
    message: `Let orders go to ${short(account.name)} ${short(account.maskedNumber)} at ${broker}?`,
    detail: 'It trades REAL MONEY. The yes holds until Keelson is ended.\n\nIf you did not just ask for this, say no.',
    yes: 'Let orders go',
  }
}

export const REARM_QUESTION: ConsentQuestion = {
  message: 'Take the kill switch back?',
  detail: 'Orders can be sent again, in every account where trading is on.\n\nIf you did not just ask for this, say no.',
  yes: 'Take it back',
}

export function limitsQuestion(looser: readonly string[], account: string | null): ConsentQuestion {
  return {
    message: account === null ? 'Widen the limits of all accounts?' : `Widen the limits of ${short(account)}?`,
    detail: `${looser.join('\n')}\n\nIf you did not just ask for this, say no.`,
    yes: 'Widen them',
  }
}

export function settleQuestion(broker: string, order: string, outcome: 'confirmed' | 'rejected'): ConsentQuestion {
  const isThere = outcome === 'confirmed'
  return {
    message: `Is an order in doubt ${isThere ? '' : 'not '}at ${broker}?`,
    detail: `${short(order)}\n\nNobody looks for it any more then, and new orders go again, with REAL MONEY.\n\nIf you did not just say this, say no.`,
    yes: isThere ? 'It is there' : 'It is not there',
  }
}

export function auditQuestion(problem: string): ConsentQuestion {
  return {
    message: 'Take the record of orders as it is?',
    detail: `${problem}\n\nOrders can be sent again then. Look first at your orders at the broker: the record may not show all of them. Nothing is deleted.`,
    yes: 'Take it as it is',
  }
}

type Amount = 'maxNotional' | 'maxQuantity' | 'maxPosition' | 'maxOpenValue' | 'maxDailyLoss' | 'collarPercent'
const AMOUNTS: readonly (readonly [Amount, string, string])[] = [
  ['maxNotional', 'Value of one order', ''],
  ['maxQuantity', 'Quantity of one order', ''],
  ['maxPosition', 'Value of one position', ''],
  ['maxOpenValue', 'Value of all working orders', ''],
  ['maxDailyLoss', 'Loss in a day', ''],
  ['collarPercent', 'Distance from the market', ' %'],
]
const COUNTS: readonly (readonly ['ordersPerDay' | 'ordersPerMinute' | 'quoteMaxAgeMs', string, string])[] = [
  ['ordersPerDay', 'Orders in a day', ''],
  ['ordersPerMinute', 'Orders in a minute', ''],
  ['quoteMaxAgeMs', 'Age of a price', ' ms'],
]

/** What a change of limits lets through that did not go before, a line each; empty when it only holds back more. */
export function loosened(before: OrderLimits, after: OrderLimits): string[] {
  const raised = (name: string, from: Dec | number, to: Dec | number, unit: string): string => `${name}: ${from}${unit} → ${to}${unit}`
  const dropped = before.deny.filter(symbol => !after.deny.includes(symbol))
  const added = after.allow === null ? [] : after.allow.filter(symbol => before.allow?.includes(symbol) === false)
  return [
    ...AMOUNTS.flatMap(([field, name, unit]) =>
      Decimal.cmp(after[field], before[field]) > 0 ? [raised(name, before[field], after[field], unit)] : [],
    ),
    ...COUNTS.flatMap(([field, name, unit]) => (after[field] > before[field] ? [raised(name, before[field], after[field], unit)] : [])),
    ...(dropped.length > 0 ? [`No longer kept from trading: ${listed(dropped)}`] : []),
    ...(before.allow !== null && after.allow === null ? [`No longer only these symbols: ${listed(before.allow)}`] : []),
    ...(added.length > 0 ? [`Allowed to trade now: ${listed(added)}`] : []),
  ]
}

function listed(symbols: readonly string[]): string {
  const named = symbols.slice(0, 10).map(symbol => plain(symbol).slice(0, 24))
  return symbols.length > named.length ? `${named.join(', ')} and ${symbols.length - named.length} more` : named.join(', ')
}

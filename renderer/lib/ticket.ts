import type { DeskView, Ticket } from '../../shared/contract/orders.ts'
import { Dec } from '../../shared/domain/decimal.ts'
import type { AccountId } from '../../shared/domain/ids.ts'
import { cryptoPair, normalSymbol, occSymbol, parseOcc } from '../../shared/domain/instrument.ts'
import { LocalDate } from '../../shared/domain/time.ts'
import { readDec } from './read-dec.ts'

export type TicketAsset = Ticket['assetClass']
export type Action = Ticket['action']
export type DeskConnection = DeskView['connections'][number]
export type DeskAccount = DeskConnection['accounts'][number]
type Rules = NonNullable<DeskConnection['rules']>

/** What stands in the ticket, as typed. */
export interface TicketForm {
  /** A symbol; of an option its OCC symbol, or its underlying with the three parts below. */
  readonly symbol: string
  readonly assetClass: TicketAsset
  readonly expiry: string
  readonly strike: string
  readonly right: 'call' | 'put'
  readonly accountId: AccountId | ''
  readonly action: Action | ''
  readonly by: 'quantity' | 'notional'
  readonly size: string
  readonly type: Ticket['type']
  readonly limitPrice: string
  readonly stopPrice: string
  readonly timeInForce: Ticket['timeInForce']
  readonly extendedHours: boolean
  readonly replaces: string | null
  /** The side of the order it takes the place of, where that is known. */
  readonly replacedSide: 'buy' | 'sell' | null
}

export const EMPTY_FORM: TicketForm = {
  symbol: '',
  assetClass: 'equity',
  expiry: '',
  strike: '',
  right: 'call',
  accountId: '',
  action: '',
  by: 'quantity',
  size: '',
  type: 'limit',
  limitPrice: '',
  stopPrice: '',
  timeInForce: 'day',
  extendedHours: false,
  replaces: null,
  replacedSide: null,
}

const ASSETS: readonly TicketAsset[] = ['equity', 'fund', 'option', 'future', 'future-option', 'crypto']
/** A trailing stop has a distance, which the ticket has no field for. */
const TYPES: readonly Ticket['type'][] = ['market', 'limit', 'stop', 'stop-limit']
const TIMES: readonly Ticket['timeInForce'][] = ['day', 'gtc', 'ioc', 'fok', 'opg', 'cls']
const CONTRACT: readonly Action[] = ['buy-to-open', 'sell-to-close', 'sell-to-open', 'buy-to-close']
const ACTIONS: Readonly<Record<TicketAsset, readonly Action[]>> = {
  equity: ['buy', 'sell', 'short', 'cover'],
  fund: ['buy', 'sell'],
  crypto: ['buy', 'sell'],
  future: ['buy', 'sell', 'short', 'cover'],
  option: CONTRACT,
  'future-option': CONTRACT,
}

/** What a broker takes of this, and so what the ticket offers. */
export interface Offered {
  readonly assets: readonly TicketAsset[]
  readonly actions: readonly Action[]
  readonly types: readonly Ticket['type'][]
  readonly times: readonly Ticket['timeInForce'][]
  readonly fractional: boolean
  readonly notional: boolean
  readonly extendedHours: boolean
}

/** Without an account everything is offered: which broker is meant is not known yet. */
export function offeredBy(rules: Rules | null | undefined, assetClass: TicketAsset): Offered {
  const takes = (list: readonly string[] | undefined, name: string): boolean => list === undefined || list.includes(name)
  return {
    assets: ASSETS.filter(name => takes(rules?.assetClasses, name)),
    actions: ACTIONS[assetClass],
    types: TYPES.filter(name => takes(rules?.types, name)),
    times: TIMES.filter(name => takes(rules?.timesInForce, name)),
    fractional: rules ? rules.fractional.includes(assetClass) : true,
    notional: rules ? rules.notional.includes(assetClass) : false,
    extendedHours: rules ? rules.extendedHours && (assetClass === 'equity' || assetClass === 'fund') : false,
  }
}

/** The actions to choose from: an order in the place of another stays on its side. */
export function offeredActions({ assetClass, replacedSide }: TicketForm, rules: Rules | null | undefined): Action[] {
  const isBuy = (action: Action): boolean => action.startsWith('buy') || action === 'cover'
  return offeredBy(rules, assetClass).actions.filter(action => replacedSide === null || isBuy(action) === (replacedSide === 'buy'))
}

/** Whether an order like this may go outside regular hours: a limit order there, and one that waits for neither an auction nor nothing. */
export function goesOutsideHours(form: Pick<TicketForm, 'assetClass' | 'type' | 'timeInForce'>, rules: Rules | null | undefined): boolean {
  const waits = form.timeInForce === 'day' || form.timeInForce === 'gtc'
  return offeredBy(rules, form.assetClass).extendedHours && form.type === 'limit' && waits
}

export const needsLimit = (type: string): boolean => type === 'limit' || type === 'stop-limit'
export const needsStop = (type: string): boolean => type === 'stop' || type === 'stop-limit'

/** What a symbol says by itself about what it is; undefined where its writing does not tell. */
export function assetOf(symbol: string): TicketAsset | undefined {
  const text = symbol.trim().toUpperCase()
  if (parseOcc(text)) return 'option'
  if (text.startsWith('./')) return 'future-option'
  if (text.startsWith('/')) return 'future'
  return text.includes('/') && cryptoPair(text) ? 'crypto' : undefined
}

/** The form after a change, with what no longer goes together taken out. */
export function changed(form: TicketForm, change: Partial<TicketForm>, rules: Rules | null | undefined): TicketForm {
  const next = { ...form, ...change }
  const told = change.symbol === undefined ? undefined : assetOf(next.symbol)
  const wanted = told ?? next.assetClass
  const { assets } = offeredBy(rules, wanted)
  const assetClass = assets.includes(wanted) ? wanted : (assets[0] ?? wanted)
  const offered = offeredBy(rules, assetClass)
  const parts = assetClass === 'option' ? parseOcc(next.symbol.trim().toUpperCase()) : undefined
  const type = offered.types.includes(next.type) ? next.type : (offered.types[0] ?? next.type)
  const timeInForce = offered.times.includes(next.timeInForce) ? next.timeInForce : (offered.times[0] ?? next.timeInForce)
  return {
    ...next,
    assetClass,
    ...(parts && change.symbol !== undefined ? { expiry: parts.expiry, strike: parts.strike, right: parts.right } : {}),
    action: next.action !== '' && offered.actions.includes(next.action) ? next.action : '',
    by: next.by === 'notional' && !offered.notional ? 'quantity' : next.by,
    type,
    timeInForce,
    extendedHours: next.extendedHours && goesOutsideHours({ assetClass, type, timeInForce }, rules),
  }
}

/** A typed figure as a positive decimal. Undefined for anything else. */
export function positiveOf(text: string): Dec | undefined {
  const value = text.length > 40 ? undefined : readDec(text)
  return value === undefined || Dec.isNegative(value) || Dec.isZero(value) ? undefined : value
}

/** The symbol as Keelson writes it; of an option's parts the OCC symbol. Undefined while it is not complete. */
export function symbolOf({ symbol, assetClass, expiry, strike, right }: TicketForm): string | undefined {
  const text = symbol.trim().toUpperCase()
  if (text === '') return undefined
  if (assetClass === 'crypto') return cryptoPair(text)
  if (assetClass !== 'option') return text
  if (parseOcc(text)) return normalSymbol(text)
  const at = positiveOf(strike)
  return at && LocalDate.is(expiry) ? occSymbol({ underlying: text, expiry, right, strike: at }) : undefined
}

export type TicketField = 'symbol' | 'expiry' | 'strike' | 'account' | 'action' | 'size' | 'limitPrice' | 'stopPrice'

const FIGURE = 'A figure above zero, such as 1,000 or 12.5.'

/** What is missing or cannot be meant, by field in the order of the form; empty when it can be reviewed. */
export function ticketProblems(form: TicketForm, rules: Rules | null | undefined): Partial<Record<TicketField, string>> {
  const size = positiveOf(form.size)
  const offered = offeredBy(rules, form.assetClass)
  const whole = form.by === 'quantity' && !offered.fractional && size !== undefined && size.includes('.')
  return {
    ...symbolProblems(form),
    ...(form.accountId === '' ? { account: 'Choose the account it is for.' } : {}),
    ...(form.action === '' ? { action: 'Choose what to do.' } : {}),
    ...(size === undefined ? { size: FIGURE } : whole ? { size: 'This broker takes whole numbers of these only.' } : {}),
    ...(form.by === 'notional' && form.type !== 'market' ? { size: 'Only a market order can be for an amount of money.' } : {}),
    ...(needsStop(form.type) && !positiveOf(form.stopPrice) ? { stopPrice: FIGURE } : {}),
    ...(needsLimit(form.type) && !positiveOf(form.limitPrice) ? { limitPrice: FIGURE } : {}),
  }
}

function symbolProblems(form: TicketForm): Partial<Record<TicketField, string>> {
  if (form.symbol.trim() === '') return { symbol: 'Type a symbol.' }
  if (form.assetClass === 'crypto' && symbolOf(form) === undefined) return { symbol: 'A pair such as BTC/USD.' }
  if (form.assetClass !== 'option' || parseOcc(form.symbol.trim().toUpperCase())) return {}
  const parts = {
    ...(LocalDate.is(form.expiry) ? {} : { expiry: 'The day it ends.' }),
    ...(positiveOf(form.strike) ? {} : { strike: 'Its strike price.' }),
  }
  if (Object.keys(parts).length > 0) return parts
  return symbolOf(form) === undefined ? { symbol: 'No option is written like this: check the underlying and the strike.' } : {}
}

/** The order the form stands for; undefined while something is missing. */
export function ticketOf(form: TicketForm, rules: Rules | null | undefined): Ticket | undefined {
  const symbol = symbolOf(form)
  const size = positiveOf(form.size)
  if (Object.keys(ticketProblems(form, rules)).length > 0) return undefined
  if (symbol === undefined || size === undefined || form.accountId === '' || form.action === '') return undefined
  return {
    accountId: form.accountId,
    symbol,
    assetClass: form.assetClass,
    action: form.action,
    type: form.type,
    quantity: form.by === 'quantity' ? size : null,
    notional: form.by === 'notional' ? size : null,
    limitPrice: needsLimit(form.type) ? (positiveOf(form.limitPrice) ?? null) : null,
    stopPrice: needsStop(form.type) ? (positiveOf(form.stopPrice) ?? null) : null,
    timeInForce: form.timeInForce,
    extendedHours: form.extendedHours,
    replaces: form.replaces,
  }
}

/** The form an order would have been typed into. */
export function formOf(ticket: Ticket): TicketForm {
  const option = ticket.assetClass === 'option' ? parseOcc(ticket.symbol) : undefined
  return {
    ...EMPTY_FORM,
    symbol: ticket.symbol,
    assetClass: ticket.assetClass,
    ...(option ? { expiry: option.expiry, strike: option.strike, right: option.right } : {}),
    accountId: ticket.accountId,
    action: ticket.action,
    by: ticket.quantity === null ? 'notional' : 'quantity',
    size: ticket.quantity ?? ticket.notional ?? '',
    type: ticket.type,
    limitPrice: ticket.limitPrice ?? '',
    stopPrice: ticket.stopPrice ?? '',
    timeInForce: ticket.timeInForce,
    extendedHours: ticket.extendedHours,
    replaces: ticket.replaces,
  }
}

/** An account of the desk with its connection; undefined when it is not there. */
export function deskAccount(
  desk: DeskView | undefined,
  accountId: string,
): { readonly connection: DeskConnection; readonly account: DeskAccount } | undefined {
  for (const connection of desk?.connections ?? []) {
    const account = connection.accounts.find(one => one.accountId === accountId)
    if (account) return { connection, account }
  }
  return undefined
}

/** The account a ticket begins with: the only one that may trade, when there is one. */
export function onlyAccount(desk: DeskView | undefined): AccountId | '' {
  const ready = (desk?.connections ?? []).filter(({ isOn, rules }) => isOn && rules !== null).flatMap(({ accounts }) => accounts)
  const [first] = ready
  return first && ready.length === 1 ? first.accountId : ''
}

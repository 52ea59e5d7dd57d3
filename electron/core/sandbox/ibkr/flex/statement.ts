import { LocalDate } from '../../../../../shared/domain/time.ts'
import { midnightMs } from '../../calendar.ts'
import type { Movement } from '../../own-book.ts'
import type { CashEntry, TransferEntry } from '../../story.ts'
import type { IbkrBook } from '../book.ts'
import type { Place } from '../order-desk.ts'
import { bookTrade, cashTransaction, corporateAction, optionEvent } from './book-rows.ts'
import { confirmAttributes } from './confirm-rows.ts'
import type { DateStyle } from './dates.ts'
import { euroDeposit, euroRates } from './euros.ts'
import type { Euros } from './euros.ts'
import { cashReport, dayEnd, equitySummary, openPosition } from './holdings.ts'
import { lotAttributes, tradeAttributes, tradeRows } from './trade-rows.ts'
import { sumRows } from './trade-sums.ts'
import { leaf, wrap } from './xml.ts'

export const LEVELS = ['EXECUTION', 'ORDER', 'SYMBOL_SUMMARY', 'ASSET_SUMMARY', 'CLOSED_LOT', 'SUMMARY'] as const
export type Level = (typeof LEVELS)[number]

/** What a statement is asked for. Days at the exchange, both included. */
export interface StatementWish {
  readonly type: 'AF' | 'TCF'
  readonly queryName: string
  readonly period: string
  readonly from: LocalDate
  readonly to: LocalDate
  readonly levels: ReadonlySet<Level>
  readonly byDay: boolean
  readonly dates: DateStyle
  readonly eurosOf: (place: Place) => Euros | null
  /** Milliseconds since the epoch. */
  readonly generatedAt: number
}

/** A whole answer: one statement for each account, or for each account and day. */
export function flexStatement(book: IbkrBook, wish: StatementWish): string {
  const ranges = wish.byDay ? daysOf(wish.from, wish.to).map(day => ({ from: day, to: day })) : [{ from: wish.from, to: wish.to }]
  const statements = book.places().flatMap(place => ranges.map(range => statement(book, place, { ...wish, ...range })))
  const content = wrap('FlexStatements', { count: statements.length }, statements.join(''))
  return `<?xml version="1.0" encoding="UTF-8"?>\n${wrap('FlexQueryResponse', { queryName: wish.queryName, type: wish.type }, content)}`
}

function daysOf(from: LocalDate, to: LocalDate): LocalDate[] {
  const days: LocalDate[] = []
  for (let day = from; day <= to; day = LocalDate.plusDays(day, 1)) days.push(day)
  return days
}

function statement(book: IbkrBook, place: Place, wish: StatementWish): string {
  const { dates, period, generatedAt } = wish
  const head = {
    accountId: place.identity.account,
    fromDate: dates.day(wish.from),
    toDate: dates.day(wish.to),
    period,
    whenGenerated: dates.moment(generatedAt),
  }
  return wrap('FlexStatement', head, wish.type === 'AF' ? activity(book, place, wish) : confirms(book, place, wish))
}

function activity(book: IbkrBook, place: Place, wish: StatementWish): string {
  const { dates, from, to } = wish
  const entries = place.account.story.entries.filter(({ day }) => day >= from && day <= to)
  const transfers = entries.filter((entry): entry is TransferEntry => entry.kind === 'transfer')
  const cash = entries.filter((entry): entry is CashEntry => entry.kind === 'cash')
  const euros = wish.eurosOf(place)
  const end = dayEnd(place, to, euros)
  const options = transfers.filter(({ what }) => what === 'expired' || what === 'assigned' || what === 'delivered')
  const rows = (name: string, list: readonly Parameters<typeof leaf>[1][]): string => list.map(item => leaf(name, item)).join('')
  return [
    leaf('AccountInformation', {
      accountId: place.identity.account,
      acctAlias: '',
      currency: 'USD',
      name: place.identity.title,
      accountType: 'Individual',
      customerType: 'Individual',
      tradingPermissions: 'Stocks,Options',
    }),
    wrap('CashReport', {}, rows('CashReportCurrency', cashReport(place, end, dates.day(from), dates.day(to)))),
    wrap('EquitySummaryInBase', {}, leaf('EquitySummaryByReportDateInBase', equitySummary(place, end, dates.day(to)))),
    wrap('Trades', {}, trades(book, place, wish, transfers)),
    wrap(
      'OptionEAE',
      {},
      rows(
        'OptionEAE',
        options.map(entry => optionEvent(place, entry, dates)),
      ),
    ),
    wrap(
      'OpenPositions',
      {},
      rows(
        'OpenPosition',
        end.holdings.map(holding => openPosition(place, to, holding, dates)),
      ),
    ),
    wrap(
      'CashTransactions',
      {},
      (euros && euros.came >= from && euros.came <= to ? leaf('CashTransaction', euroDeposit(place, euros, dates)) : '') +
        cashRows(place, cash, wish),
    ),
    wrap(
      'CorporateActions',
      {},
      rows(
        'CorporateAction',
        splits(transfers).map(entry => corporateAction(place, entry, dates)),
      ),
    ),
    wrap('Transfers', {}, ''),
    euros ? wrap('ConversionRates', {}, rows('ConversionRate', euroRates(to, dates))) : '',
  ].join('')
}

function splits(transfers: readonly TransferEntry[]): TransferEntry[] {
  return transfers.filter(({ what }) => what === 'split')
}

function trades(book: IbkrBook, place: Place, wish: StatementWish, transfers: readonly TransferEntry[]): string {
  const { dates, levels } = wish
  const rows = tradeRows(book.executions(place, midnightMs(wish.from), midnightMs(LocalDate.plusDays(wish.to, 1)) - 1))
  const lots = book.lotsOf(place)
  const lotOf = (entry: Movement['of'] | null) => (entry === null ? undefined : lots.get(entry))
  const told = rows.map(row => {
    const lot = lotOf(row.execution.entry)
    const trade = levels.has('EXECUTION') ? leaf('Trade', tradeAttributes(row, lot, dates)) : ''
    const last = row.execution.revision > 1 || row.kind === 'ExchTrade'
    const closed = levels.has('CLOSED_LOT') && lot && last ? lotAttributes(row, lot, dates).map(item => leaf('Lot', item)) : []
    return trade + closed.join('')
  })
  const booked = transfers.filter(({ what }) => what !== 'split').map(entry => leaf('Trade', bookTrade(place, entry, lotOf(entry), dates)))
  return [
    levels.has('ASSET_SUMMARY') ? sumRows(rows, 'ASSET_SUMMARY', dates, 'AF') : '',
    levels.has('SYMBOL_SUMMARY') ? sumRows(rows, 'SYMBOL_SUMMARY', dates, 'AF') : '',
    levels.has('ORDER') ? sumRows(rows, 'ORDER', dates, 'AF') : '',
    ...told,
    ...(levels.has('EXECUTION') ? booked : []),
  ].join('')
}

function cashRows(place: Place, cash: readonly CashEntry[], { dates, levels }: StatementWish): string {
  const rows = cash.map(entry => cashTransaction(place, entry, dates))
  const repeated = levels.has('SUMMARY')
    ? rows.map(row => ({ ...row, description: '', dateTime: '', settleDate: '', transactionID: '', levelOfDetail: 'SUMMARY' }))
    : []
  return [...rows, ...repeated].map(row => leaf('CashTransaction', row)).join('')
}

function confirms(book: IbkrBook, place: Place, wish: StatementWish): string {
  const { dates, levels } = wish
  const rows = tradeRows(book.executions(place, midnightMs(wish.from), midnightMs(LocalDate.plusDays(wish.to, 1)) - 1))
  const content = [
    levels.has('SYMBOL_SUMMARY') ? sumRows(rows, 'SYMBOL_SUMMARY', dates, 'TCF') : '',
    levels.has('ORDER') ? sumRows(rows, 'ORDER', dates, 'TCF') : '',
    ...(levels.has('EXECUTION') ? rows.map(row => leaf('TradeConfirm', confirmAttributes(row, dates))) : []),
  ]
  return wrap('TradeConfirms', {}, content.join(''))
}

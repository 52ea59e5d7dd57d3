import { Dec } from '../../../../../shared/domain/decimal.ts'
import type { LotResult } from '../../own-book.ts'
import type { CashEntry, TransferEntry } from '../../story.ts'
import { shareBy } from '../../trader.ts'
import { tradeIdOf, transactionIdOf } from '../executions.ts'
import type { Place } from '../order-desk.ts'
import type { DateStyle } from './dates.ts'
import { expiryOf, instrumentAttributes } from './trade-rows.ts'
import type { Attributes } from './xml.ts'

const NOTES: Readonly<Record<TransferEntry['what'], string>> = { split: '', expired: 'Ep', assigned: 'A', delivered: 'A', reinvested: 'R' }
// The story books these before the day's trades, so that what they bring or take is there for them.
const CLOCK = '08:00:00'

/** A trade that no market made: an expiry, an assignment and the shares it delivers, a reinvested dividend. It has no execution id. */
export function bookTrade(place: Place, entry: TransferEntry, lot: LotResult | undefined, dates: DateStyle): Attributes {
  const { identity } = place
  const { instrument, qty, price, net, day, what } = entry
  const cost = lot && lot.closed.length > 0 ? lot.cost : Dec.neg(net)
  return {
    accountId: identity.account,
    acctAlias: '',
    model: '',
    currency: 'USD',
    fxRateToBase: 1,
    ...instrumentAttributes(instrument),
    expiry: expiryOf(instrument, dates),
    tradeID: tradeIdOf(identity, entry),
    transactionID: transactionIdOf(identity, entry),
    ibExecID: '',
    ibOrderID: '',
    orderReference: '',
    dateTime: dates.at(day, CLOCK),
    tradeDate: dates.day(day),
    reportDate: dates.day(day),
    settleDateTarget: dates.day(day),
    orderTime: '',
    transactionType: 'BookTrade',
    exchange: '--',
    buySell: Dec.isNegative(qty) ? 'SELL' : 'BUY',
    openCloseIndicator: lot && lot.closed.length > 0 ? 'C' : 'O',
    quantity: qty,
    tradePrice: price,
    tradeMoney: Dec.neg(net),
    proceeds: net,
    taxes: 0,
    ibCommission: 0,
    ibCommissionCurrency: 'USD',
    netCash: net,
    closePrice: price,
    cost,
    fifoPnlRealized: Dec.add(net, cost),
    mtmPnl: 0,
    notes: NOTES[what],
    origTradeID: '',
    origTradePrice: 0,
    orderType: '',
    isAPIOrder: 'N',
    levelOfDetail: 'EXECUTION',
  }
}

/** The same expiry or assignment in the section of its own. */
export function optionEvent({ identity }: Place, entry: TransferEntry, dates: DateStyle): Attributes {
  const words = {
    expired: 'Expiration',
    assigned: 'Assignment',
    delivered: Dec.isNegative(entry.qty) ? 'Sell' : 'Buy',
    split: '',
    reinvested: '',
  }
  return {
    accountId: identity.account,
    currency: 'USD',
    fxRateToBase: 1,
    ...instrumentAttributes(entry.instrument),
    expiry: expiryOf(entry.instrument, dates),
    date: dates.day(entry.day),
    transactionType: words[entry.what],
    quantity: entry.qty,
    tradePrice: entry.price,
    markPrice: entry.price,
    proceeds: entry.net,
    commisionsAndTax: 0,
    costBasis: 0,
    realizedPnl: 0,
    tradeID: tradeIdOf(identity, entry),
  }
}

/** A split, as the corporate action that adds shares. */
export function corporateAction({ identity }: Place, entry: TransferEntry, dates: DateStyle): Attributes {
  const { instrument, note, day, qty } = entry
  const ratio = /(\d+) for 1/.exec(note)?.[1] ?? '1'
  return {
    accountId: identity.account,
    acctAlias: '',
    model: '',
    currency: 'USD',
    fxRateToBase: 1,
    ...instrumentAttributes(instrument),
    actionDescription: `${instrument.symbol} SPLIT ${ratio} FOR 1 (${instrument.symbol}, ${instrument.name})`,
    dateTime: dates.at(day, '20:25:00'),
    reportDate: dates.day(day),
    amount: 0,
    proceeds: 0,
    value: 0,
    quantity: qty,
    fifoPnlRealized: 0,
    mtmPnl: 0,
    code: '',
    type: 'FS',
    transactionID: transactionIdOf(identity, entry),
    actionID: transactionIdOf(identity, entry).slice(-9),
    levelOfDetail: 'DETAIL',
  }
}

/** A cash movement in IBKR's words. */
export function cashTransaction(place: Place, entry: CashEntry, dates: DateStyle): Attributes {
  const instrument = entry.symbol === null ? undefined : shareBy(place.market, entry.symbol)
  const { type, description, clock } = wordsOf(entry)
  const { day, net } = entry
  return {
    accountId: place.identity.account,
    acctAlias: '',
    model: '',
    currency: 'USD',
    fxRateToBase: 1,
    ...(instrument ? instrumentAttributes(instrument) : { assetCategory: '', symbol: '', conid: '' }),
    description,
    dateTime: clock === null ? dates.day(day) : dates.at(day, clock),
    settleDate: dates.day(day),
    amount: net,
    type,
    tradeID: '',
    code: '',
    transactionID: transactionIdOf(place.identity, entry),
    reportDate: dates.day(day),
    exDate: '',
    clientReference: '',
    actionID: '',
    levelOfDetail: 'DETAIL',
  }
}

interface CashWords {
  readonly type: string
  readonly description: string
  /** Null where the statement gives a day alone. */
  readonly clock: string | null
}

function wordsOf({ what, net, symbol, perShare, note, day }: CashEntry): CashWords {
  switch (what) {
    case 'deposit':
      return { type: 'Deposits/Withdrawals', description: 'CASH RECEIPTS / ELECTRONIC FUND TRANSFERS', clock: '00:58:50' }
    case 'withdrawal':
      return { type: 'Deposits/Withdrawals', description: 'DISBURSEMENT INITIATED BY Sandbox Trader', clock: '00:58:50' }
    case 'dividend':
      return {
        type: 'Dividends',
        description: `${symbol ?? ''} CASH DIVIDEND USD ${perShare ?? '0'} PER SHARE (Ordinary Dividend)`,
        clock: '20:20:00',
      }
    case 'withholding':
      return { type: 'Withholding Tax', description: `${symbol ?? ''} CASH DIVIDEND - US TAX`, clock: '20:20:00' }
    case 'interest': {
      const credit = !Dec.isNegative(net)
      const type = credit ? 'Broker Interest Received' : 'Broker Interest Paid'
      return { type, description: `USD ${credit ? 'CREDIT' : 'DEBIT'} INT FOR ${monthOf(note)}`, clock: null }
    }
    case 'fee':
      return { type: 'Other Fees', description: note, clock: null }
    case 'journal':
      return { type: 'Commission Adjustments', description: `PROMOTIONAL CREDIT ${day}`, clock: null }
  }
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const

/** `OCT-2026` from `2026-10`. */
function monthOf(note: string): string {
  return `${MONTHS[Number(note.slice(5, 7)) - 1] ?? ''}-${note.slice(0, 4)}`
}

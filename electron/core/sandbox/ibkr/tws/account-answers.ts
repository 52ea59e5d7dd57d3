import type { Dec } from '../../../../../shared/domain/decimal.ts'
import type { Place } from '../order-desk.ts'
import { positionsOf, realizedToday, worthOf } from '../worth.ts'
import type { Worth } from '../worth.ts'
import { eastern } from '../eastern.ts'
import { accountSummary, accountValue, notice, portfolioRow, positionRow } from './messages.ts'
import { placeNamed, shownAccount } from './session.ts'
import type { Hall, Session } from './session.ts'

const MOST_SUMMARIES = 2

/** reqPositions: every position of every account, then changes as they come. */
export function answerPositions(hall: Hall, session: Session): void {
  session.watching.positions = true
  for (const place of hall.book.places()) {
    for (const position of positionsOf(place.market, place.account)) session.send(positionRow(shownAccount(hall, place.identity), position))
  }
  session.send([62, 1])
}

/** reqAccountSummary for all accounts, or one of them. */
export function answerSummary(hall: Hall, session: Session, [, , id = '', group = '', tags = '']: readonly string[]): void {
  const reqId = Number(id)
  if (session.watching.summaries.size >= MOST_SUMMARIES) {
    session.send(notice(reqId, 322, "Error processing request.-'bW' : cause - Maximum number of account summary requests exceeded"))
    return
  }
  session.watching.summaries.add(reqId)
  const places = group === 'All' ? hall.book.places() : hall.book.places().filter(place => shownAccount(hall, place.identity) === group)
  for (const place of places) {
    const worth = worthOf(place.market, place.account)
    for (const tag of tags.split(',')) {
      const rows = tag.startsWith('$LEDGER') ? ledgerRows(worth, realizedToday(place.account, hall.nowMs()), tag) : summaryRow(worth, tag)
      for (const [name, value, currency] of rows)
        session.send(accountSummary(reqId, shownAccount(hall, place.identity), name, value, currency))
    }
  }
  session.send([64, 1, reqId])
}

type Row = readonly [tag: string, value: string, currency: string]

function summaryRow(worth: Worth, tag: string): Row[] {
  if (tag === 'AccountType') return [[tag, 'INDIVIDUAL', '']]
  if (tag === 'Cushion') return [[tag, '0.9', '']]
  const value = amounts(worth)[tag]
  return value === undefined ? [] : [[tag, value, 'USD']]
}

function amounts(worth: Worth): Readonly<Record<string, Dec>> {
  return {
    NetLiquidation: worth.total,
    TotalCashValue: worth.cash,
    SettledCash: worth.cash,
    BuyingPower: worth.buyingPower,
    AvailableFunds: worth.available,
    ExcessLiquidity: worth.available,
    GrossPositionValue: worth.gross,
    InitMarginReq: worth.initialMargin,
    MaintMarginReq: worth.maintenanceMargin,
    EquityWithLoanValue: worth.total,
  }
}

/** The ledger of a currency: the base, and beside it every currency that is held when all are asked for. */
function ledgerRows(worth: Worth, realized: Dec, tag: string): Row[] {
  const currencies = tag === '$LEDGER:ALL' ? ['BASE', 'USD'] : tag === '$LEDGER:USD' ? ['USD'] : ['BASE']
  return currencies.flatMap(currency =>
    Object.entries({
      Currency: currency,
      RealCurrency: currency,
      CashBalance: worth.cash,
      TotalCashBalance: worth.cash,
      AccruedCash: '0.00',
      StockMarketValue: worth.stock,
      OptionMarketValue: worth.options,
      FutureOptionValue: '0.00',
      UnrealizedPnL: worth.unrealized,
      RealizedPnL: realized,
      ExchangeRate: '1.00',
      NetLiquidationByCurrency: worth.total,
    }).map(([name, value]): Row => [name, value, currency]),
  )
}

/** reqAccountUpdates: values, positions and the time of one account, or the end of them. */
export function answerUpdates(hall: Hall, session: Session, [, , subscribe = '', named = '']: readonly string[]): void {
  if (subscribe !== '1') {
    session.watching.account = null
    return
  }
  const place = named === '' ? hall.book.places()[0] : placeNamed(hall, named)
  if (!place) {
    session.send(notice(-1, 321, `Error validating request.-'bS' : cause - Invalid account code '${named}'.`))
    return
  }
  session.watching.account = shownAccount(hall, place.identity)
  sendUpdates(hall, session, place)
}

/** Everything about one account, as it comes first and every three minutes. */
export function sendUpdates(hall: Hall, session: Session, place: Place): void {
  const account = shownAccount(hall, place.identity)
  const worth = worthOf(place.market, place.account)
  session.send(accountValue('AccountCode', account, '', account))
  session.send(accountValue('AccountType', 'INDIVIDUAL', '', account))
  for (const [key, value] of Object.entries(amounts(worth))) session.send(accountValue(key, value, 'USD', account))
  for (const [key, value, currency] of ledgerRows(worth, realizedToday(place.account, hall.nowMs()), '$LEDGER:ALL'))
    session.send(accountValue(key, value, currency, account))
  for (const position of positionsOf(place.market, place.account)) session.send(portfolioRow(account, position))
  session.send([8, 1, eastern(hall.nowMs()).clock.slice(0, 5)])
  session.send([54, 1, account])
}

/** reqPnL of an account. */
export function answerPnl(hall: Hall, session: Session, [, id = '', named = '']: readonly string[]): void {
  const place = placeNamed(hall, named)
  if (!place) {
    session.send(notice(Number(id), 321, `Error validating request.-'bK' : cause - Invalid account code '${named}'.`))
    return
  }
  const { daily, unrealized } = worthOf(place.market, place.account)
  session.send([94, id, daily, unrealized, realizedToday(place.account, hall.nowMs())])
}

/** reqPnLSingle: one position of an account. */
export function answerPnlSingle(hall: Hall, session: Session, [, id = '', named = '', , conId = '']: readonly string[]): void {
  const place = placeNamed(hall, named)
  const position = place && positionsOf(place.market, place.account).find(({ contract }) => contract.conId === Number(conId))
  if (!position) session.send([95, id, '0', '0.0', '0.0', '0.0', '0.0'])
  else session.send([95, id, position.qty, position.daily, position.unrealized, '0.0', position.value])
}

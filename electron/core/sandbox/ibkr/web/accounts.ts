import type { Dec } from '../../../../../shared/domain/decimal.ts'
import type { Place } from '../order-desk.ts'
import { realizedToday, worthOf } from '../worth.ts'
import type { WebSession } from './session.ts'

const SERVER = { serverName: 'SandboxServer01', serverVersion: 'Build 10.44.1d, Mar 3, 2026 1:55:32 PM' } as const
const MAC = '02:00:00:00:00:01'

/** The body of auth/status; `state` is how far the brokerage session got. */
export function authStatus(state: 'ready' | 'idle' | 'competing'): object {
  const ready = state === 'ready'
  return {
    authenticated: ready,
    established: ready,
    competing: state === 'competing',
    connected: state !== 'idle',
    message: '',
    MAC,
    serverInfo: SERVER,
    hardware_info: `sandbox01|${MAC}`,
    fail: '',
  }
}

export function tickle(state: Parameters<typeof authStatus>[0]): object {
  return { session: 'sandbox-session-001', hmds: { error: 'no bridge' }, iserver: { authStatus: authStatus(state) } }
}

export function ssoValidate(nowMs: number): object {
  return {
    USER_ID: 100_000_001,
    USER_NAME: 'sandbox',
    RESULT: true,
    AUTH_TIME: nowMs,
    SF_ENABLED: false,
    IS_FREE_TRIAL: false,
    EXPIRES: 600_000,
  }
}

/** iserver/accounts: what the session may trade. */
export function tradingAccounts(places: readonly Place[]): object {
  const names = places.map(({ identity }) => identity.account)
  const properties = { hasChildAccounts: false, supportsCashQty: true, liteUnderPro: false, noFXConv: false, isProp: false }
  return {
    accounts: names,
    acctProps: Object.fromEntries(
      names.map(name => [name, { ...properties, supportsFractions: false, allowCustomerTime: false, autoFx: false }]),
    ),
    aliases: Object.fromEntries(names.map(name => [name, name])),
    allowFeatures: { showGFIS: true, allowFXConv: true, allowTypeAhead: true, allowedAssetTypes: 'STK,OPT,FOP,FUT,CASH,BOND,FUND' },
    chartPeriods: { STK: ['*'], OPT: ['2h', '1d', '2d', '1w', '1m'] },
    groups: [],
    profiles: [],
    selectedAccount: names[0] ?? '',
    serverInfo: SERVER,
    sessionId: 'sandbox-session-001',
    isFT: false,
    isPaper: true,
  }
}

/** portfolio/accounts: what the session may read. */
export function portfolioAccounts(places: readonly Place[]): object[] {
  return places.map(({ identity: { account, title } }) => ({
    id: account,
    'PrepaidCrypto-Z': false,
    'PrepaidCrypto-P': false,
    brokerageAccess: true,
    accountId: account,
    accountVan: account,
    accountTitle: title,
    displayName: title,
    accountAlias: null,
    accountStatus: 1_672_617_600_000,
    currency: 'USD',
    type: 'DEMO',
    tradingType: 'STKNOPT',
    businessType: 'INDEPENDENT',
    category: '',
    ibEntity: 'IBLLC-US',
    faclient: false,
    clearingStatus: 'O',
    covestor: false,
    noClientTrading: false,
    trackVirtualFXPortfolio: false,
    acctCustType: 'INDIVIDUAL',
    parent: { mmc: [], accountId: '', isMParent: false, isMChild: false, isMultiplex: false },
    desc: account,
  }))
}

/** portfolio/{account}/summary: each value with its own envelope. */
export function portfolioSummary(session: WebSession, place: Place): object {
  const worth = worthOf(place.market, place.account)
  const timestamp = session.nowMs()
  const envelope = (amount: number, currency: string | null, value: string) => ({
    amount,
    currency,
    isNull: false,
    timestamp,
    value,
    severity: 0,
  })
  const money = (amount: Dec) => envelope(Number(amount), 'USD', amount)
  return {
    accountcode: envelope(0, null, place.identity.account),
    accounttype: envelope(0, null, 'INDIVIDUAL'),
    netliquidation: money(worth.total),
    totalcashvalue: money(worth.cash),
    settledcash: money(worth.cash),
    buyingpower: money(worth.buyingPower),
    availablefunds: money(worth.available),
    excessliquidity: money(worth.available),
    grosspositionvalue: money(worth.gross),
    initmarginreq: money(worth.initialMargin),
    maintmarginreq: money(worth.maintenanceMargin),
  }
}

/** iserver/account/{account}/summary: the same in whole dollars. */
export function tradingSummary({ market, account }: Place): object {
  const worth = worthOf(market, account)
  const whole = (amount: Dec) => Math.round(Number(amount))
  return {
    accountType: '',
    status: '',
    balance: whole(worth.total),
    SMA: whole(worth.available),
    buyingPower: whole(worth.buyingPower),
    availableFunds: whole(worth.available),
    excessLiquidity: whole(worth.available),
    netLiquidationValue: whole(worth.total),
    equityWithLoanValue: whole(worth.total),
    regTLoan: 0,
    securitiesGVP: whole(worth.gross),
    totalCashValue: whole(worth.cash),
    accruedInterest: 0,
    regTMargin: 0,
    initialMargin: whole(worth.initialMargin),
    maintenanceMargin: whole(worth.maintenanceMargin),
    cashBalances: [{ currency: 'USD', balance: whole(worth.cash), settledCash: whole(worth.cash) }],
  }
}

/** portfolio/{account}/ledger: cash and values by currency, and in the base. */
export function portfolioLedger(session: WebSession, { market, account, identity }: Place): object {
  const worth = worthOf(market, account)
  const realized = Number(realizedToday(account, session.nowMs()))
  const row = (currency: string) => ({
    commoditymarketvalue: 0,
    futuremarketvalue: 0,
    settledcash: Number(worth.cash),
    exchangerate: 1,
    sessionid: 1,
    cashbalance: Number(worth.cash),
    corporatebondsmarketvalue: 0,
    warrantsmarketvalue: 0,
    netliquidationvalue: Number(worth.total),
    interest: 0,
    unrealizedpnl: Number(worth.unrealized),
    stockmarketvalue: Number(worth.stock),
    moneyfunds: 0,
    currency,
    realizedpnl: realized,
    funds: 0,
    acctcode: identity.account,
    issueroptionsmarketvalue: 0,
    key: 'LedgerList',
    timestamp: Math.floor(session.nowMs() / 1000),
    severity: 0,
    stockoptionmarketvalue: Number(worth.options),
    futuresonlypnl: 0,
    tbondsmarketvalue: 0,
    futureoptionmarketvalue: 0,
    cashbalancefxsegment: 0,
    secondkey: currency,
    tbillsmarketvalue: 0,
    endofbundle: 1,
    dividends: 0,
    cryptocurrencyvalue: 0,
  })
  return { USD: row('USD'), BASE: row('BASE') }
}

/** iserver/account/pnl/partitioned. */
export function partitionedPnl(places: readonly Place[]): object {
  const rows = places.map(({ identity, market, account }) => {
    const { daily, total, unrealized, stock } = worthOf(market, account)
    const row = { rowType: 1, dpl: Number(daily), nl: Number(total), upl: Number(unrealized), el: Number(total), mv: Number(stock) }
    return [`${identity.account}.Core`, row] as const
  })
  return { upnl: Object.fromEntries(rows) }
}

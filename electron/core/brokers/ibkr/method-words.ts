import type { MethodInfo, ScopeInfo } from '../../../../shared/domain/broker.ts'

/** What a way in reads, what to know before, how it is set up and where IBKR explains it. */
export type MethodWords = Pick<MethodInfo, 'scopes' | 'note' | 'steps'> & { readonly guide: string }

function reads(label: string, detail: string): ScopeInfo {
  return { id: '', label, detail, required: true }
}

export const twsWords: MethodWords = {
  scopes: [
    reads('Read accounts and positions', 'Balances, margin and holdings of every account the program shows.'),
    reads('Read trades and prices', 'Executions of the last days, and quotes to value what you hold.'),
    reads(
      'Orders only where you allow them',
      'With Read only set to yes, Keelson asks for no orders and sends none. With no, it sends none you have not confirmed.',
    ),
  ],
  note: 'TWS and IB Gateway show what is now. Older history comes from Flex reports; both become one connection.',
  steps: [
    'Install Trader Workstation or IB Gateway on this computer and sign in.',
    'In TWS open File, Global Configuration, API, Settings and tick Enable ActiveX and Socket Clients. IB Gateway has it on.',
    'Leave Read-Only API ticked unless you want to place orders from Keelson.',
    'Note the socket port: TWS 7496, paper 7497; IB Gateway 4001, paper 4002.',
    "For more than today's executions, set Trade Log, Show trades for, to the last seven days in TWS.",
  ],
  guide: 'https://www.interactivebrokers.com/campus/ibkr-api-page/twsapi-doc/',
}

export const gatewayWords: MethodWords = {
  scopes: [
    reads('Read accounts and positions', 'Balances, margin and holdings of every account of the user who signs in to the gateway.'),
    reads('Read trades, orders and prices', 'Executions of the last seven days, orders, and quotes to value what you hold.'),
    reads('Orders with the same sign-in', 'IBKR gives ordering with it; Keelson sends no order you have not confirmed.'),
  ],
  note: 'The gateway shows what is now. Older history comes from Flex reports; both become one connection.',
  steps: [
    "Download the Client Portal Gateway from IBKR's Web API page and start it.",
    'Sign in at https://localhost:5000 in your browser; it warns about a certificate the gateway made itself.',
    'Enter the same address here.',
  ],
  guide: 'https://www.interactivebrokers.com/campus/ibkr-api-page/cpapi-v1/',
}

export const flexWords: MethodWords = {
  scopes: [
    reads(
      'Read the reports of your query',
      'Trades, dividends, fees, cash and positions of the accounts and sections the query includes, up to four past years.',
    ),
    reads('Nothing else', 'A Flex token reads reports only: no orders, no transfers.'),
  ],
  note: 'Reports are made once a day, after the close. What is now comes from TWS or IB Gateway; both become one connection.',
  steps: [
    'In the Client Portal open Performance & Reports, Flex Queries.',
    'Under Flex Web Service Configuration switch the service on and make a token that lasts a year. A new token ends the one before.',
    'Make an Activity Flex Query with the sections Trades (only Executions ticked, all fields), Cash Transactions (Detail), Open Positions (Summary), Cash Report, Net Asset Value in Base, Corporate Actions, Option Exercises, Transfers and Account Information; with futures Statement of Funds too, which tells what they settle each day.',
    'Choose XML, Last 365 Calendar Days, Breakout by Day No, dates as yyyyMMdd, times as HHmmss, and a semicolon between them.',
    "Enter the token, the number beside the query's name, and the day the token ends.",
  ],
  guide: 'https://www.interactivebrokers.com/campus/ibkr-api-page/flex-web-service/',
}

export const oauthWords: Pick<MethodWords, 'guide'> = { guide: 'https://www.interactivebrokers.com/campus/ibkr-api-page/web-api/' }

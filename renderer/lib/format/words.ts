import type { ActivityKind } from '../../../shared/domain/activity.ts'
import type { Method } from '../../../shared/domain/broker.ts'
import type { LotMethod } from '../../../shared/domain/lot-method.ts'

const KINDS: Readonly<Record<ActivityKind, { one: string; many: string }>> = {
  trade: { one: 'Trade', many: 'Trades' },
  dividend: { one: 'Dividend', many: 'Dividends' },
  interest: { one: 'Interest', many: 'Interest' },
  fee: { one: 'Fee', many: 'Fees' },
  tax: { one: 'Tax', many: 'Taxes' },
  transfer: { one: 'Transfer', many: 'Transfers' },
  journal: { one: 'Journal', many: 'Journals' },
  split: { one: 'Split', many: 'Splits' },
  'option-event': { one: 'Option event', many: 'Option events' },
  'corporate-action': { one: 'Corporate action', many: 'Corporate actions' },
  other: { one: 'Other', many: 'Other' },
}

export function kindWord(kind: ActivityKind): string {
  return KINDS[kind].one
}

export function kindWords(kind: ActivityKind): string {
  return KINDS[kind].many
}

const METHODS: Readonly<Record<Method, string>> = {
  oauth: 'Browser sign-in',
  'api-key': 'API key',
  'personal-grant': 'Personal grant',
  tws: 'TWS or IB Gateway',
  flex: 'Flex reports',
  gateway: 'Client Portal Gateway',
  file: 'Files',
}

export function methodWord(method: Method): string {
  return METHODS[method]
}

/** What a broker calls the keys of an app: OAuth 1.0a speaks of consumers, OAuth 2.0 of clients. */
export function keyWords({ facts }: { readonly facts: { readonly oauth: string } }): { readonly id: string; readonly secret: string } {
  return facts.oauth.includes('1.0') ? { id: 'Consumer key', secret: 'Consumer secret' } : { id: 'Client id', secret: 'Client secret' }
}

/** `Buy`, `Sell to close`. */
export function sideWord(side: 'buy' | 'sell', effect: 'open' | 'close' | null = null): string {
  const word = side === 'buy' ? 'Buy' : 'Sell'
  return effect ? `${word} to ${effect}` : word
}

const ASSETS: Readonly<Record<string, string>> = {
  equity: 'stocks',
  option: 'options',
  future: 'futures',
  'future-option': 'options on futures',
  crypto: 'crypto',
  fund: 'funds',
  bond: 'bonds',
  forex: 'currencies',
  index: 'indexes',
}

/** `Stocks, options, crypto`. */
export function assetWords(classes: readonly string[]): string {
  const words = classes.map(name => ASSETS[name] ?? humanWord(name).toLowerCase()).join(', ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** `equity` reads `Equity`, `future-option` reads `Future option`. */
export function humanWord(text: string): string {
  const spaced = text.replace(/[-_]+/g, ' ').toLowerCase()
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

const LOT_METHOD_WORDS: Readonly<Record<LotMethod, string>> = {
  fifo: 'Oldest first (FIFO)',
  lifo: 'Newest first (LIFO)',
  hifo: 'Highest cost first (HIFO)',
  average: 'Average cost of all',
}

export function lotMethodWord(method: LotMethod): string {
  return LOT_METHOD_WORDS[method]
}

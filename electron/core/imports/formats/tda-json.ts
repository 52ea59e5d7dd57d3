import { z } from 'zod'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { type AssetClass, normalSymbol } from '../../../../shared/domain/instrument.ts'
import { exchangeDay } from '../../brokers/exchange-day.ts'
import { decimalOrNull, idOrNull, idText, instant, textOrNull } from '../../brokers/wire.ts'
import { parseArray } from '../../net/json.ts'
import { costOf } from '../cells.ts'
import { type FileFacts, type FileFormat, type FileRow, plainFacts, unreadable } from '../format.ts'
import { expiryOf, occSymbol } from '../option-words.ts'
import { type Meaning, meaningOf, movement } from '../trade-facts.ts'
import { TDA_MEANINGS } from './tda-csv.ts'

const Transaction = z.object({
  type: textOrNull,
  transactionId: idText,
  transactionDate: instant,
  netAmount: decimalOrNull,
  description: textOrNull,
  orderId: idOrNull,
  fees: z.record(z.string(), decimalOrNull).nullish(),
  transactionItem: z
    .object({
      amount: decimalOrNull,
      price: decimalOrNull,
      instruction: textOrNull,
      positionEffect: textOrNull,
      instrument: z.object({ symbol: textOrNull, assetType: textOrNull, underlyingSymbol: textOrNull }).nullish(),
    })
    .nullish(),
})
type Transaction = z.output<typeof Transaction>

/** What TD Ameritrade's API answered for `/accounts/{id}/transactions`, as saved by other programs: an array of transactions. */
export const tdaJson: FileFormat = {
  id: 'tda-json',
  label: 'TD Ameritrade transactions (API, JSON)',
  brokers: ['tdameritrade', 'schwab'],
  idsOf: ['tdameritrade'],
  detect: text => /^\uFEFF?\s*\[\s*\{/.test(text) && /"transactionId"\s*:/.test(text) && /"transactionItem"\s*:/.test(text),
  parse(text) {
    const array = read(text)
    const rows = array.values.map((value, index) => {
      const parsed = Transaction.safeParse(value)
      if (!parsed.success) throw unreadable(index + 1, parsed.error.issues[0]?.path.join('.') ?? '', 'not what a transaction has there')
      return toRow(parsed.data, index + 1, array.texts[index] ?? '')
    })
    return { rows, unknownColumns: [], accountNumber: null, notes: [] }
  },
}

function read(text: string): { values: readonly unknown[]; texts: readonly string[] } {
  try {
    const array = parseArray(text.replace(/^\uFEFF/, ''))
    if (array) return array
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw unreadable(lastLine(text), '', 'the file is not whole')
}

function lastLine(text: string): number {
  return text.trimEnd().split('\n').length
}

const CLASSES = new Map<string, AssetClass>([
  ['EQUITY', 'equity'],
  ['OPTION', 'option'],
  ['MUTUAL_FUND', 'fund'],
  ['CASH_EQUIVALENT', 'cash'],
  ['FIXED_INCOME', 'bond'],
  ['INDEX', 'index'],
])

function toRow(wire: Transaction, line: number, raw: string): FileRow {
  const meaning = meaningOfWire(wire)
  const base: FileFacts = {
    ...plainFacts('other', wire.type ?? '', exchangeDay(wire.transactionDate)),
    executedAt: wire.transactionDate,
    amount: wire.netAmount,
    orderId: wire.orderId,
    description: wire.description,
  }
  return {
    line,
    ownId: wire.transactionId,
    facts: meaning === null ? base : { ...base, ...factsOf(wire, meaning) },
    raw,
    known: meaning !== null,
  }
}

function factsOf(wire: Transaction, meaning: Meaning): Partial<FileFacts> {
  const item = wire.transactionItem
  const symbol = item?.instrument?.symbol ?? null
  const quantity = item?.amount ?? null
  const moves = meaning.kind === 'trade' || wire.type === 'RECEIVE_AND_DELIVER'
  const fees = Dec.sum(Object.values(wire.fees ?? {}).filter(fee => fee !== null))
  return {
    symbol: symbol === null ? null : (dated(symbol) ?? normalSymbol(symbol)),
    assetClass: symbol === null ? null : (CLASSES.get(item?.instrument?.assetType ?? '') ?? 'other'),
    ...movement(meaning, {
      quantity: moves ? signed(wire, quantity, meaning) : null,
      price: item?.price ?? null,
      amount: wire.netAmount,
      fees: meaning.kind === 'fee' ? costOf(wire.netAmount) : fees,
    }),
  }
}

/** Deliveries name no direction: a redemption leaves the account. */
function signed(wire: Transaction, quantity: Dec | null, meaning: Meaning): Dec | null {
  if (quantity === null || meaning.kind === 'trade') return quantity
  return /redemption/i.test(wire.description ?? '') ? Dec.neg(Dec.abs(quantity)) : quantity
}

function meaningOfWire({ type, description, transactionItem }: Transaction): Meaning | null {
  const found = meaningOf(TDA_MEANINGS, description ?? '')
  if (type === 'TRADE') {
    const side = transactionItem?.instruction === 'SELL' ? 'sell' : transactionItem?.instruction === 'BUY' ? 'buy' : found?.side
    const effect =
      transactionItem?.positionEffect === 'OPENING' ? 'open' : transactionItem?.positionEffect === 'CLOSING' ? 'close' : found?.effect
    return { kind: 'trade', ...(side === undefined ? {} : { side }), ...(effect === undefined ? {} : { effect }) }
  }
  if (type === 'RECEIVE_AND_DELIVER') return found?.kind === 'trade' || found === null ? { kind: 'transfer' } : found
  if (type === 'DIVIDEND_OR_INTEREST')
    return found !== null && ['interest', 'tax', 'fee', 'dividend'].includes(found.kind) ? found : { kind: 'dividend' }
  if (type === 'JOURNAL') return found !== null && found.kind !== 'trade' ? found : { kind: 'journal' }
  return type !== null && /^(?:ACH|CASH|ELECTRONIC|WIRE)_/.test(type) ? { kind: 'transfer' } : found?.kind === 'trade' ? null : found
}

const DATED = /^([A-Z][A-Z0-9.]{0,5})_(\d{2})(\d{2})(\d{2})([CP])(\d{1,5}(?:\.\d{1,3})?)$/

/** `AAPL_011924C150`, month first, as OCC; null for any other symbol. */
function dated(symbol: string): string | null {
  const [, root = '', month = '', day = '', year = '', right = '', strike = ''] = DATED.exec(symbol) ?? []
  return root === '' ? null : occSymbol({ root, expiry: expiryOf(year, month, day), strike, right })
}

import { Dec } from '../../../../shared/domain/decimal.ts'
import { type AssetClass, normalSymbol } from '../../../../shared/domain/instrument.ts'
import { Instant, LocalDate } from '../../../../shared/domain/time.ts'
import { exchangeDay } from '../../brokers/exchange-day.ts'
import { costOf } from '../cells.ts'
import { type FileFacts, type FileFormat, type FileRow, plainFacts, unreadable } from '../format.ts'
import { FORMAT_LABELS } from '../labels.ts'
import { find, findAll, type OfxNode, readOfx, valueOf } from '../ofx-tree.ts'
import { optionSymbol } from '../option-words.ts'
import { type Meaning, movement } from '../trade-facts.ts'

/** OFX 1 and 2 and QFX, which is the same with a bank's number in it: the investment transactions of one account. */
export const ofx: FileFormat = {
  id: 'ofx',
  label: FORMAT_LABELS.ofx,
  brokers: [],
  idsOf: [],
  detect: text => /^\uFEFF?\s*(?:OFXHEADER\s*:|<\?xml[^>]*\?>\s*<\?OFX|<\?OFX|<OFX>)/i.test(text.slice(0, 2000)),
  parse(text) {
    const root = readOfx(text)
    const securities = securitiesOf(root)
    const statements = findAll(root, 'INVSTMTRS')
    const first = statements[0]
    if (!first) throw unreadable(root.line, '', 'it holds no investment account')
    if (statements.length > 1) throw unreadable(statements[1]?.line ?? 1, 'INVSTMTRS', 'a second account begins; export one at a time')
    const list = find(first, 'INVTRANLIST')
    const currency = valueOf(first, 'CURDEF') ?? 'USD'
    const entries = (list?.children ?? []).filter(({ name }) => name !== 'DTSTART' && name !== 'DTEND')
    return {
      rows: entries.flatMap(entry => rowsOf(entry, entries, securities, currency)),
      unknownColumns: [],
      accountNumber: valueOf(first, 'ACCTID'),
      notes: [],
    }
  },
}

/** A reinvestment is an income and what it bought, in one entry; some programs write the income into another one as well. */
function rowsOf(
  entry: OfxNode,
  entries: readonly OfxNode[],
  securities: ReadonlyMap<string, Security>,
  currency: string,
): readonly FileRow[] {
  const row = toRow(entry, securities, currency)
  const { amount } = row.facts
  if (entry.name !== 'REINVEST' || amount === null) return [row]
  const income = entries.some(other => other.name === 'INCOME' && isIncomeOf(other, entry))
  if (income) return [row]
  const paid: FileFacts = {
    ...row.facts,
    kind: valueOf(entry, 'INCOMETYPE') === 'INTEREST' ? 'interest' : 'dividend',
    side: null,
    quantity: null,
    price: null,
    amount: Dec.neg(amount),
    fees: Dec.zero,
  }
  return [{ ...row, facts: paid }, row]
}

function isIncomeOf(income: OfxNode, spent: OfxNode): boolean {
  const [paid, used] = [amountOf(income), amountOf(spent)]
  if (paid === null || used === null || Dec.abs(paid) !== Dec.abs(used)) return false
  return valueOf(income, 'UNIQUEID') === valueOf(spent, 'UNIQUEID') && timeOf(income).day === timeOf(spent).day
}

interface Security {
  readonly symbol: string | null
  readonly assetClass: AssetClass
}

const CLASSES = new Map<string, AssetClass>([
  ['STOCKINFO', 'equity'],
  ['OPTINFO', 'option'],
  ['MFINFO', 'fund'],
  ['DEBTINFO', 'bond'],
])

/** The securities a file lists, by their number (a CUSIP mostly), which is how transactions name them. */
function securitiesOf(root: OfxNode): Map<string, Security> {
  const list = find(root, 'SECLIST')
  return new Map(
    (list?.children ?? []).map(info => {
      const ticker = valueOf(info, 'TICKER')
      const words = ticker ?? valueOf(info, 'SECNAME') ?? ''
      const symbol = optionSymbol(words) ?? optionSymbol(valueOf(info, 'SECNAME') ?? '') ?? (ticker === null ? null : normalSymbol(ticker))
      return [valueOf(info, 'UNIQUEID') ?? '', { symbol, assetClass: CLASSES.get(info.name) ?? 'other' }]
    }),
  )
}

const MEANINGS = new Map<string, Meaning>([
  ...['BUYSTOCK', 'BUYMF', 'BUYDEBT', 'BUYOTHER', 'BUYOPT', 'REINVEST'].map((name): [string, Meaning] => [
    name,
    { kind: 'trade', side: 'buy' },
  ]),
  ...['SELLSTOCK', 'SELLMF', 'SELLDEBT', 'SELLOTHER', 'SELLOPT'].map((name): [string, Meaning] => [name, { kind: 'trade', side: 'sell' }]),
  ['INCOME', { kind: 'dividend' }],
  ['INVEXPENSE', { kind: 'fee' }],
  ['MARGININTEREST', { kind: 'interest' }],
  ['RETOFCAP', { kind: 'dividend' }],
  ['SPLIT', { kind: 'split' }],
  ['CLOSUREOPT', { kind: 'option-event' }],
  ['TRANSFER', { kind: 'transfer' }],
  ['JRNLFUND', { kind: 'journal' }],
  ['JRNLSEC', { kind: 'journal' }],
  ['INVBANKTRAN', { kind: 'transfer' }],
])

function toRow(entry: OfxNode, securities: ReadonlyMap<string, Security>, currency: string): FileRow {
  const time = timeOf(entry)
  const type = [entry.name, valueOf(entry, 'INCOMETYPE') ?? valueOf(entry, 'OPTACTION') ?? valueOf(entry, 'TRNTYPE')]
    .filter(part => part !== null)
    .join(' / ')
  const base: FileFacts = {
    ...plainFacts('other', type, time.day),
    executedAt: time.at,
    // ORIGCURRENCY names what an amount was converted from; it stands in the account's currency already.
    currency: valueOf(find(entry, 'CURRENCY') ?? NOTHING, 'CURSYM') ?? currency,
    amount: amountOf(entry),
    description: valueOf(entry, 'MEMO') ?? valueOf(entry, 'NAME'),
  }
  const meaning = meaningOfEntry(entry)
  const facts = meaning === null ? base : { ...base, ...factsOf(entry, meaning, securities) }
  return { line: entry.line, ownId: valueOf(entry, 'FITID'), facts, raw: JSON.stringify(flat(entry)), known: meaning !== null }
}

function factsOf(entry: OfxNode, meaning: Meaning, securities: ReadonlyMap<string, Security>): Partial<FileFacts> {
  const security = securities.get(valueOf(entry, 'UNIQUEID') ?? '')
  const amount = amountOf(entry)
  return {
    symbol: security?.symbol ?? null,
    assetClass: security?.assetClass ?? null,
    ...movement(meaning, {
      quantity: quantityOf(entry),
      price: decimalOf(entry, 'UNITPRICE'),
      amount,
      fees:
        meaning.kind === 'fee'
          ? costOf(amount)
          : Dec.sum(['COMMISSION', 'FEES', 'LOAD', 'TAXES'].map(name => decimalOf(entry, name) ?? Dec.zero)),
    }),
  }
}

/** What the tag means, told more finely by the type beside it. */
function meaningOfEntry(entry: OfxNode): Meaning | null {
  const meaning = MEANINGS.get(entry.name) ?? null
  const action =
    valueOf(entry, 'OPTBUYTYPE') ?? valueOf(entry, 'OPTSELLTYPE') ?? valueOf(entry, 'BUYTYPE') ?? valueOf(entry, 'SELLTYPE') ?? ''
  const effect = /OPEN|SHORT$/.test(action) ? { effect: 'open' as const } : /CLOSE|COVER/.test(action) ? { effect: 'close' as const } : {}
  const type = valueOf(entry, 'INCOMETYPE') ?? valueOf(entry, 'TRNTYPE') ?? ''
  if (meaning?.kind === 'trade') return { ...meaning, ...(action === 'SELLSHORT' ? { effect: 'open' as const } : effect) }
  if (entry.name === 'INCOME' && type === 'INTEREST') return { kind: 'interest' }
  if (entry.name === 'INVBANKTRAN' && (type === 'INT' || type === 'DIV')) return { kind: type === 'INT' ? 'interest' : 'dividend' }
  if (entry.name === 'INVBANKTRAN' && (type === 'FEE' || type === 'SRVCHG')) return { kind: 'fee' }
  return meaning
}

/** `UNITS`, turned round for what leaves the account; the new less the old ones of a split. */
function quantityOf(entry: OfxNode): Dec | null {
  const [before, after] = [decimalOf(entry, 'OLDUNITS'), decimalOf(entry, 'NEWUNITS')]
  if (before !== null && after !== null) return Dec.sub(after, before)
  const units = decimalOf(entry, 'UNITS')
  if (units === null) return null
  return valueOf(entry, 'TFERACTION') === 'OUT' ? Dec.neg(Dec.abs(units)) : units
}

function amountOf(entry: OfxNode): Dec | null {
  const stated = decimalOf(entry, 'TOTAL') ?? decimalOf(entry, 'TRNAMT')
  if (stated === null) return null
  // Programs disagree on the sign of an expense and of what an income bought; the account pays it.
  return PAID.has(entry.name) ? Dec.neg(Dec.abs(stated)) : stated
}

const PAID = new Set(['INVEXPENSE', 'MARGININTEREST', 'REINVEST'])

function decimalOf(entry: OfxNode, name: string): Dec | null {
  const node = find(entry, name)
  if (!node || node.value === '') return null
  try {
    return Dec.of(/^[^.]*,\d{1,2}$/.test(node.value) ? node.value.replace(',', '.') : node.value)
  } catch {
    throw unreadable(node.line, name, 'not a number')
  }
}

const TIME = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})(?:\.\d+)?)?(?:\[([+-]?\d{1,2})(?:[.:](\d{1,2}))?(?::[A-Za-z]+)?\])?$/

/** `DTTRADE`, or `DTPOSTED` of a bank row: `20240119120000.000[-5:EST]`. Noon and midnight fill the time of a row that has none. */
function timeOf(entry: OfxNode): { day: LocalDate; at: Instant | null } {
  const node = find(entry, 'DTTRADE') ?? find(entry, 'DTPOSTED')
  const match = TIME.exec(node?.value ?? '')
  const day = match ? `${match[1]}-${match[2]}-${match[3]}` : ''
  if (!node || !match || !LocalDate.is(day)) throw unreadable(node?.line ?? entry.line, node?.name ?? 'DTTRADE', 'not a date')
  const clock = `${match[4] ?? '00'}:${match[5] ?? '00'}:${match[6] ?? '00'}`
  if (match[7] === undefined || clock === '00:00:00' || clock === '12:00:00') return { day, at: null }
  const at = instantOf(day, clock, match[7], match[8])
  if (at === null) throw unreadable(node.line, node.name, 'not a time')
  return { day: exchangeDay(at), at }
}

function instantOf(day: LocalDate, clock: string, hours: string, minutes: string | undefined): Instant | null {
  const sign = hours.startsWith('-') ? '-' : '+'
  try {
    return Instant.parse(`${day}T${clock}${sign}${hours.replace(/^[+-]/, '').padStart(2, '0')}:${(minutes ?? '0').padStart(2, '0')}`)
  } catch {
    return null
  }
}

const NOTHING: OfxNode = { name: '', line: 0, value: '', children: [] }

/** What a child is kept by: its name, and which of its name it is from the second on. */
function nameAmong(children: readonly OfxNode[], index: number): string {
  const name = children[index]?.name ?? ''
  const before = children.slice(0, index).filter(child => child.name === name).length
  return before === 0 ? name : `${name} (${before + 1})`
}

function flat(node: OfxNode): unknown {
  return node.children.length === 0
    ? node.value
    : Object.fromEntries([...node.children.map((child, index) => [nameAmong(node.children, index), flat(child)]), ['OFX', node.name]])
}

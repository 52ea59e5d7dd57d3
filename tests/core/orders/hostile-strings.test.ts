import { describe, expect, test } from 'vitest'
import { tradeRules } from '../../../electron/core/brokers/alpaca/rules.ts'
import { checkDraft } from '../../../electron/core/brokers/order-draft.ts'
import { draftOf } from '../../../electron/core/orders/draft-of.ts'
import { plain } from '../../../electron/core/orders/sentences.ts'
import { TicketSchema } from '../../../shared/contract/orders.ts'
import { AppError } from '../../../shared/contract/errors.ts'

const INVISIBLE = [
  '\u200b',
  '\u200c',
  '\u200d',
  '\u200e',
  '\u200f',
  '\u202a',
  '\u202b',
  '\u202c',
  '\u202d',
  '\u202e',
  '\u2060',
  '\u2066',
  '\u2067',
  '\u2068',
  '\u2069',
  '\ufeff',
  '\u00ad',
  '\u180e',
  '\u061c',
  '\u0000',
  '\u0007',
  '\u001b',
  '\n',
  '\r',
  '\t',
  '\u0085',
  '\u2028',
  '\u2029',
  '\u{e0041}',
]
const WORDS = ['AAPL', 'BUY 1000 TSLA', 'MSFT']
const LOOKALIKES = ['ААPL', 'AAРL', 'ＡＡＰＬ', 'AAPL\u0301', 'ΑAPL', 'AA𝐏L', 'ⒶAPL', 'AAPLʟ']
const INJECTIONS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><b>',
  "';DROP TABLE orders;--",
  '../../etc/passwd',
  '?symbol=TSLA&side=sell',
  'AAPL%0d%0aX: y',
  'AAPL\r\nHost: evil',
  '{"symbol":"TSLA"}',
  '${7*7}',
  '{{7*7}}',
  '=HYPERLINK("x")',
  '+1+1',
  '@SUM(1)',
  '-2+3',
  'javascript:alert(1)',
  'data:text/html,x',
  '%00',
  '\\u202e',
  'A'.repeat(41),
  ' ',
  '',
  '||',
  '&&',
  '`id`',
  '$(id)',
  'null',
  'undefined',
  '__proto__',
  'constructor',
]

/** Strings that try to look like something else in a dialog, or to mean something else on the wire. */
const HOSTILE = [
  ...INVISIBLE.flatMap(mark => WORDS.flatMap(word => [word.slice(0, 2) + mark + word.slice(2), mark + word])),
  ...LOOKALIKES,
  ...INJECTIONS,
]

const ticket = {
  accountId: 'acc_1',
  assetClass: 'equity',
  action: 'buy',
  type: 'market',
  quantity: '1',
  notional: null,
  limitPrice: null,
  stopPrice: null,
  timeInForce: 'day',
  extendedHours: false,
}

/** What would be sent for a symbol; null when it is refused before. */
function sent(symbol: string): string | null {
  const parsed = TicketSchema.safeParse({ ...ticket, symbol })
  if (!parsed.success) return null
  try {
    const draft = draftOf(parsed.data, 'one')
    checkDraft(draft, tradeRules)
    return draft.symbol
  } catch (error) {
    if (error instanceof AppError && error.code === 'order/invalid') return null
    throw error
  }
}

describe('hostile strings', () => {
  test('are at least two hundred', () => {
    expect(new Set(HOSTILE).size).toBeGreaterThanOrEqual(200)
  })

  test('as a symbol are refused, or sent as nothing but what is seen', () => {
    const bad = HOSTILE.map(symbol => [symbol, sent(symbol)] as const).filter(
      ([, symbol]) => symbol !== null && !/^[A-Z0-9][\x20-\x7e]{0,39}$/.test(symbol),
    )
    expect(bad).toEqual([])
    expect(sent('AAPL')).toBe('AAPL')
    expect(LOOKALIKES.map(sent).filter(one => one !== null)).toEqual([])
  })

  test('in a sentence lose what cannot be seen and what turns text around', () => {
    const bad = HOSTILE.filter(text => INVISIBLE.some(mark => plain(`Buy 1 ${text} at the market`).includes(mark)))
    expect(bad.map(text => JSON.stringify(text))).toEqual([])
  })
})

import { describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { judge } from '../../../electron/core/imports/verdict.ts'
import { breakOf, fileText, readText } from './support/files.ts'
import { added, fileRow, sent } from './support/rows.ts'

const HEADER = 'Date,Action,Symbol,Description,Quantity,Price,Fees & Comm,Amount'
const ROW = '03/12/2026,Buy,KO,COCA COLA,10,$61,,-$610'
const csv = (...lines: readonly string[]): string => [HEADER, ...lines, ''].join('\n')

describe('a table', () => {
  test('may end its lines in several ways', () => {
    expect(
      readText(`${HEADER}\r\n${ROW}\n"03/13/2026","Buy","KO","A","1","$61","","-$61"\r\n${ROW}\r${ROW}`).rows.map(row => row.line),
    ).toEqual([2, 3, 4, 5])
    expect(readText(`${HEADER}\n"03/13/2026","Buy","KO","A","1","$61","","-$61"\r\n${ROW}\n`).rows).toHaveLength(2)
  })

  test('cut off between two cells of its last row breaks there', () => {
    expect(breakOf(csv(ROW, '"03/12/2026","Buy","KO","COCA COLA"'))).toBe('import/unreadable line 3')
    expect(breakOf(`${csv(ROW)}03/12/2026,Buy,KO,COCA COLA,10,$61`)).toBe('import/unreadable line 3')
  })

  test('with two columns of one name does not say which of them counts', () => {
    const text = `${HEADER},Amount\n${ROW},-$1\n`
    expect(breakOf(text)).toBe('import/unreadable line 1, Amount')
  })

  test('keeps both texts of two strange columns of one name, and any name a column has', () => {
    const { rows } = readText(`${HEADER},Note,Note,__proto__,constructor\n${ROW},one,two,three,four\n`)
    expect(rows[0]?.raw).toContain('"one"')
    expect(rows[0]?.raw).toContain('"two"')
    expect(rows[0]?.raw).toContain('"__proto__":"three"')
    expect(rows[0]?.raw).toContain('"constructor":"four"')
  })

  test.each([
    ['1'.repeat(70), 'digits without end'],
    ['1e9', 'an exponent'],
    ['1.234,56', 'the signs of another country'],
    ['1,5', 'a comma for the point'],
    ['0x10', 'another base'],
    ['Infinity', 'no number'],
    ['=1+1', 'a formula'],
    ['--5', 'two signs'],
  ])('with %s for a quantity breaks there', quantity => {
    expect(breakOf(csv(ROW.replace(',10,', `,"${quantity}",`)))).toBe('import/unreadable line 2, Quantity')
  })

  test('takes a billion shares, and minus zero for nothing', () => {
    const { facts } = readText(csv(ROW.replace(',10,', ',"1,000,000,000",'), ROW.replace('-$610', '-$0.00')))
    expect(facts(2)?.quantity).toBe('1000000000')
    expect(facts(3)?.amount).toBe('0')
  })

  test.each(['02/30/2026', '02/29/2026', '13/01/2026', '1/2/3', '2026-13-01', '', '00/00/0000'])('with %s for a day breaks there', day => {
    expect(breakOf(csv(ROW.replace('03/12/2026', day)))).toBe('import/unreadable line 2, Date')
  })

  test('reads a leap day, and years of two digits as the nearest', () => {
    const { rows } = readText(
      csv(ROW.replace('03/12/2026', '02/29/2024'), ROW.replace('03/12/2026', '01/02/26'), ROW.replace('03/12/2026', '01/02/99')),
    )
    expect(rows.map(({ facts }) => facts.tradeDate)).toEqual(['2024-02-29', '2026-01-02', '1999-01-02'])
  })

  test('without rows has none', () => {
    expect(readText(csv()).rows).toEqual([])
    expect(readText(csv('Transactions Total,,,,,,,$1.00')).rows).toEqual([])
  })

  test('a purchase without a quantity is unknown', () => {
    expect(readText(csv(ROW.replace(',10,', ',,'))).row(2)).toMatchObject({ known: false, facts: { kind: 'other' } })
  })

  test('an option whose strike is no figure is not an accident', () => {
    expect(readText(csv(ROW.replace(',KO,', `,KO 03/20/2026 ${'9'.repeat(70)} C,`))).rows).toHaveLength(1)
  })

  test('keeps a formula as the text it is', () => {
    expect(readText(csv(ROW.replace('COCA COLA', `"=CMD|'/C calc'!A0"`))).facts(2)?.description).toBe("=CMD|'/C calc'!A0")
  })
})

describe('a text of no format', () => {
  test.each([
    ['nothing', ''],
    ['white space', ' \n\n'],
    ['bytes', '\u0000\u0001\u001b[2J\u0007,\u0000,\u009b1m,x'],
    ['UTF-16 that nobody decoded', csv(ROW).replaceAll(/./gs, '$&\u0000')],
  ])('%s is refused without repeating control characters', (_, text) => {
    let shown = ''
    try {
      readText(text)
    } catch (error) {
      shown = JSON.stringify(error instanceof Error && 'details' in error ? error.details : error)
    }
    expect(breakOf(text)).toBe('import/unknown-format')
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(shown).not.toMatch(/\\u00(?:0|1|7f|8|9)/)
  })
})

describe('a file cut off in its last row', () => {
  test('of an activity statement breaks there', () => {
    const whole = fileText('ibkr-activity.csv')
    const end = whole.indexOf(',30,61.255') + ',3'.length
    expect(breakOf(whole.slice(0, end))).toBe('import/unreadable line 5')
  })

  test.each(['U', 'US', 'USDX', '12'])('of tastytrade, in its currency (%s), breaks there', currency => {
    expect(breakOf(fileText('tastytrade.csv').trimEnd().replace(/USD$/, currency))).toMatch(/^import\/unreadable line \d+, Currency$/)
  })
})

describe('OFX', () => {
  const whole = fileText('statement.ofx')

  test('an amount converted already is of the account, not of the currency it was converted from', () => {
    const text = (tag: string): string =>
      `<OFX><INVSTMTRS><CURDEF>USD<INVTRANLIST><INVBANKTRAN><STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260312<TRNAMT>100.00<FITID>1<${tag}><CURRATE>1.1<CURSYM>EUR</${tag}></STMTTRN></INVBANKTRAN></INVTRANLIST></INVSTMTRS></OFX>`
    expect(readText(text('ORIGCURRENCY')).rows[0]?.facts).toMatchObject({ currency: 'USD', amount: '100' })
    expect(readText(text('CURRENCY')).rows[0]?.facts).toMatchObject({ currency: 'EUR', amount: '100' })
  })

  const reinvested = (more: string): string =>
    `<OFX><INVSTMTRS><CURDEF>USD<INVTRANLIST>${more}<REINVEST><INVTRAN><FITID>2<DTTRADE>20260312</INVTRAN><SECID><UNIQUEID>1<UNIQUEIDTYPE>CUSIP</SECID><INCOMETYPE>DIV<TOTAL>-39.84<UNITS>0.65<UNITPRICE>61.29</REINVEST></INVTRANLIST></INVSTMTRS></OFX>`

  test('an income reinvested is paid and spent, so no cash is missing', () => {
    const rows = readText(reinvested('')).rows.map(({ facts }) => facts)
    expect(rows).toMatchObject([
      { kind: 'dividend', amount: '39.84', quantity: null },
      { kind: 'trade', side: 'buy', amount: '-39.84', quantity: '0.65', price: '61.29' },
    ])
  })

  test('an income reinvested that stands in a row of its own is paid once', () => {
    const income =
      '<INCOME><INVTRAN><FITID>1<DTTRADE>20260312</INVTRAN><SECID><UNIQUEID>1<UNIQUEIDTYPE>CUSIP</SECID><INCOMETYPE>DIV<TOTAL>39.84</INCOME>'
    expect(readText(reinvested(income)).rows.map(({ facts }) => [facts.kind, facts.amount])).toEqual([
      ['dividend', '39.84'],
      ['trade', '-39.84'],
    ])
  })

  test('keeps every part of a row that comes twice in it', () => {
    const text =
      '<OFX><INVSTMTRS><INVTRANLIST><INVBANKTRAN><STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260312<TRNAMT>1<FITID>1<MEMO>first<MEMO>second</STMTTRN></INVBANKTRAN></INVTRANLIST></INVSTMTRS></OFX>'
    expect(readText(text).rows[0]?.raw).toMatch(/first.*second/)
  })

  test.each([
    ['nested without end', `<OFX>${'<A><B>'.repeat(100_000)}`],
    ['nested and closed', `<OFX>${'<A>'.repeat(50_000)}${'</A>'.repeat(50_000)}</OFX>`],
    ['with entities of its own', whole.replace('<OFX>', `<!DOCTYPE x [<!ENTITY a "${'x'.repeat(100)}">]><OFX>`)],
    ['cut off', whole.slice(0, -30)],
    ['with a figure without end', whole.replace(/<TOTAL>[^<\r\n]*/, `<TOTAL>${'9'.repeat(80)}`)],
  ])('%s breaks at a place', (_, text) => {
    expect(breakOf(text)).toMatch(/^import\/unreadable line \d+/)
  })
})

describe('200,000 rows that say the same', () => {
  const many = Array.from({ length: 200_000 }, (_, index) => fileRow({}, { raw: String(index) }))

  test('are judged while somebody waits, and are all of them rows', () => {
    const judged = judge(many, { format: 'schwab-csv', ownIds: false, there: [] })
    expect(new Set(judged.map(({ externalId }) => externalId)).size).toBe(many.length)
    const there = added(judged, 'schwab-csv')
    expect(judge(many, { format: 'schwab-csv', ownIds: false, there }).every(({ verdict }) => verdict === 'already-there')).toBe(true)
  })

  test('are judged beside as many of the broker', () => {
    const there = many.map((row, index) => sent({ ...row, facts: { ...row.facts, price: Dec.of('1') } }, `b${index}`))
    expect(judge(many, { format: 'schwab-csv', ownIds: false, there })[0]?.verdict).toBe('already-there')
    const byId = many.map((row, index) => ({ ...row, ownId: `o${index}` }))
    expect(judge(byId, { format: 'tda-csv', ownIds: true, there: many.map((row, index) => sent(row, `b${index}`)) })[0]?.verdict).toBe(
      'new',
    )
  })
})

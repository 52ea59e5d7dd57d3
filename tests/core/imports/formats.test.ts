import { describe, expect, test } from 'vitest'
import { breakOf, fileText, readText } from './support/files.ts'

describe('tastytrade', () => {
  const file = readText(fileText('tastytrade.csv'))

  test('counts the premium of an option per share and its costs inside the row', () => {
    expect(file.facts(4)).toMatchObject({
      kind: 'trade',
      side: 'sell',
      positionEffect: 'open',
      symbol: 'KO260320C00065000',
      assetClass: 'option',
      quantity: '2',
      price: '0.41',
      amount: '79.72',
      fees: '2.28',
      orderId: '771001',
      executedAt: '2026-03-12T14:30:05.000Z',
      tradeDate: '2026-03-12',
      currency: 'USD',
    })
  })

  test('reads thousands and signs', () => {
    expect(file.facts(5)).toMatchObject({ side: 'buy', quantity: '100', price: '61.2', amount: '-6120.08', fees: '0.08' })
  })

  test("takes the price of a future's option from its words, as the file has no multiplier for it", () => {
    expect(file.facts(6)).toMatchObject({ assetClass: 'future-option', price: '11.5', amount: '-58.71' })
  })

  test('says how an expired and an assigned option change the position', () => {
    expect(file.facts(2)).toMatchObject({ kind: 'option-event', side: null, quantity: '2' })
    expect(file.facts(7)).toMatchObject({ kind: 'option-event', side: null, quantity: '1', symbol: 'PEP260310P00150000' })
  })

  test('keeps a movement nobody knows as unknown', () => {
    expect(file.row(8)).toMatchObject({ known: false, facts: { kind: 'other', amount: '1', brokerType: 'Money Movement / Weather Bonus' } })
  })

  test('adds up what an older file without Total leaves open', () => {
    const older =
      'Date,Type,Sub Type,Action,Symbol,Instrument Type,Description,Value,Quantity,Average Price,Commissions,Fees,Multiplier,Order #,Currency\n'
    const { rows } = readText(
      `${older}2024-04-30T15:45:08+0100,Trade,Sell to Open,SELL_TO_OPEN,KO    240510P00056500,Equity Option,Sold 1,16.00,1,16.00,-1.00,-0.14,100,3,USD\n`,
    )
    expect(rows[0]?.facts).toMatchObject({ amount: '14.86', price: '0.16' })
  })

  test.each([
    ['2026-03-12T15:30:05+0100,Trade,Buy', '12 March,Trade,Buy', 'line 5, Date'],
    ['"-6,120.00"', '"-6,12.00"', 'line 5, Value'],
  ])('breaks at its place when %s is %s', (whole, broken, place) => {
    expect(breakOf(fileText('tastytrade.csv').replace(whole, broken))).toBe(`import/unreadable ${place}`)
  })
})

describe('Schwab', () => {
  const file = readText(fileText('schwab.csv'))

  test('finds the header below a title, leaves the totals out and names a column it does not know', () => {
    expect(file.format.id).toBe('schwab-csv')
    expect(file.rows).toHaveLength(9)
    expect(file.unknownColumns).toEqual(['Region'])
  })

  test('a row is of the day it is true of', () => {
    expect(file.facts(3)).toMatchObject({ kind: 'corporate-action', tradeDate: '2026-03-16', amount: '5.49' })
  })

  test('an option is spelled as everywhere', () => {
    expect(file.facts(4)).toMatchObject({
      symbol: 'KO260417C00065000',
      assetClass: 'option',
      side: 'sell',
      positionEffect: 'open',
      price: '0.41',
      fees: '1.31',
    })
  })

  test('a reinvestment is a dividend and a purchase', () => {
    expect(file.facts(5)).toMatchObject({ kind: 'trade', side: 'buy', quantity: '1.6531', amount: '-39.84' })
    expect(file.facts(6)).toMatchObject({ kind: 'dividend', amount: '39.84' })
  })

  test('dollars, thousands and signs are figures', () => {
    expect(file.facts(7)).toMatchObject({ side: 'sell', quantity: '1200', price: '61.2', amount: '73439.83', fees: '0.17' })
  })

  test('a split changes the position by its sign, a tax and an expiry are what they are', () => {
    expect(file.facts(8)).toMatchObject({ kind: 'split', quantity: '-1000', side: null })
    expect(file.facts(9)).toMatchObject({ kind: 'tax', amount: '-7.65' })
    expect(file.facts(10)).toMatchObject({ kind: 'option-event', symbol: 'KO260306P00060000' })
  })

  test('an action nobody knows is unknown', () => {
    expect(file.row(11)).toMatchObject({ known: false, facts: { kind: 'other', brokerType: 'Moon Credit' } })
  })

  test('reads columns in another order', () => {
    const { rows } = readText(
      'Date,Action,Symbol,Description,Price,Quantity,Fees & Comm,Amount\n03/02/2021,Buy,KO,COCA COLA,$25,100,$6,-$2506\n',
    )
    expect(rows[0]?.facts).toMatchObject({ quantity: '100', price: '25', fees: '6', amount: '-2506' })
  })

  test.each([
    ['"$61.20"', '"$61.2O"', 'import/unreadable line 7, Price'],
    ['"03/12/2026"', '"31/12/2026"', 'import/unreadable line 7, Date'],
    ['"$73,439.83",""', '"$73,439.83","","x"', 'import/unreadable line 7'],
    ['"Symbol",', '"Ticker",', 'import/unknown-format'],
  ])('breaks when %s is %s', (whole, broken, place) => {
    expect(breakOf(fileText('schwab.csv').replace(whole, broken))).toBe(place)
  })
})

describe('a fee in any file', () => {
  test('names the shares it is for and takes none', () => {
    const { rows } = readText(
      'Date,Action,Symbol,Description,Quantity,Price,Fees & Comm,Amount\n03/12/2026,ADR Mgmt Fee,BABA,ALIBABA GROUP,100,,,-$2.00\n',
    )
    expect(rows[0]?.facts).toMatchObject({ kind: 'fee', symbol: 'BABA', quantity: null, amount: '-2', fees: '2' })
  })
})

describe('E*TRADE', () => {
  test('reads the header of 2025, between its title and its closing words', () => {
    const { rows, facts, row } = readText(fileText('etrade-2025.csv'))
    expect(rows).toHaveLength(5)
    expect(facts(8)).toMatchObject({
      kind: 'trade',
      side: 'sell',
      positionEffect: 'open',
      symbol: 'KO260417P00060000',
      quantity: '1',
      price: '1.5',
      amount: '149.34',
      fees: '0.66',
      tradeDate: '2026-03-17',
    })
    expect(facts(9)).toMatchObject({ side: 'buy', symbol: 'KO', assetClass: 'equity', amount: '-612' })
    expect(facts(10)).toMatchObject({ kind: 'dividend', quantity: null, amount: '5.1' })
    expect(facts(11)).toMatchObject({ kind: 'transfer', symbol: null, amount: '1000' })
    expect(row(12)).toMatchObject({ known: false })
  })

  test('reads the header of 2019 and tells a dividend from the shares it bought', () => {
    const { facts } = readText(fileText('etrade-2019.csv'))
    expect(facts(5)).toMatchObject({ kind: 'trade', side: 'buy', quantity: '5.834', price: null, amount: '-81.33' })
    expect(facts(6)).toMatchObject({ kind: 'dividend', quantity: null, amount: '81.33' })
    expect(facts(7)).toMatchObject({ kind: 'trade', side: 'sell', quantity: '20', fees: '0.01' })
    expect(facts(8)).toMatchObject({ symbol: 'KO200117C00055000', positionEffect: 'close', price: '0.32' })
  })

  test('reads the oldest header, where only the words name the security', () => {
    const { facts } = readText(fileText('etrade-classic.csv'))
    expect(facts(2)).toMatchObject({ symbol: 'KO150417C00041000', side: 'buy', quantity: '2', fees: '8.58', amount: '-118.58' })
    expect(facts(3)).toMatchObject({ kind: 'interest', amount: '0.07' })
  })

  test('breaks at a row that stands below the closing words', () => {
    expect(breakOf(`${fileText('etrade-2025.csv')}03/10/26,03/10/26,03/10/26,Bought,KO,KO,--,1,61,-61,0,--,--\n`)).toBe(
      'import/unreadable line 14',
    )
  })
})

describe('TD Ameritrade', () => {
  test("reads its CSV by the broker's own ids", () => {
    const { rows, facts, row } = readText(fileText('tda.csv'))
    expect(rows.map(({ ownId }) => ownId)).toContain('49252224461')
    expect(facts(2)).toMatchObject({ kind: 'trade', side: 'sell', quantity: '80', price: '62.08', amount: '4966.38', fees: '0.02' })
    expect(facts(3)).toMatchObject({ symbol: 'KO240119C00065000', side: 'buy', fees: '0.66' })
    expect(facts(4)).toMatchObject({ kind: 'dividend', symbol: 'KO' })
    expect(facts(5)).toMatchObject({ kind: 'option-event', symbol: 'KO230406P00060000' })
    expect(row(6)).toMatchObject({ known: false })
  })

  test('a CSV without its closing line is cut off', () => {
    expect(breakOf(fileText('tda.csv').replace('***END OF FILE***\n', ''))).toBe('import/unreadable line 6')
  })

  test('reads what its interface answered, with the same ids', () => {
    const { facts, row } = readText(fileText('tda.json'))
    expect(row(1)?.ownId).toBe('49252224462')
    expect(facts(1)).toMatchObject({
      kind: 'trade',
      side: 'buy',
      positionEffect: 'open',
      symbol: 'KO240119C00065000',
      assetClass: 'option',
      amount: '-250.66',
      fees: '0.66',
      orderId: 'T9001',
    })
    expect(facts(2)).toMatchObject({ kind: 'dividend', symbol: 'KO', amount: '36.8' })
    expect(facts(3)).toMatchObject({ kind: 'transfer', amount: '500' })
    expect(facts(4)).toMatchObject({ kind: 'journal', quantity: '-52.14', assetClass: 'cash' })
    expect(row(5)).toMatchObject({ known: false })
  })

  test.each([
    ['cut off', (text: string) => text.slice(0, -40), 'import/unreadable line 11'],
    ['with a figure that is none', (text: string) => text.replace('36.8', '"lots"'), 'import/unreadable line 2, netAmount'],
  ])('an answer %s breaks there', (_, spoil, place) => {
    expect(breakOf(spoil(fileText('tda.json')))).toBe(place)
  })
})

describe('thinkorswim', () => {
  const { rows, facts, notes } = readText(fileText('thinkorswim.csv'))

  test('tells the legs of a spread apart and gives its costs to the first', () => {
    expect(facts(18)).toMatchObject({
      symbol: 'KO230317P00060000',
      side: 'sell',
      positionEffect: 'open',
      quantity: '1',
      price: '0.55',
      amount: '53.68',
      fees: '1.32',
      executedAt: null,
      tradeDate: '2023-03-10',
    })
    expect(facts(19)).toMatchObject({ symbol: 'KO230317P00055000', side: 'buy', amount: '-15', fees: '0' })
  })

  test('counts a fill once, though two sections tell it', () => {
    expect(rows).toHaveLength(5)
    expect(facts(20)).toMatchObject({ symbol: 'KO', side: 'buy', quantity: '100', amount: '-6010' })
  })

  test('takes other cash from the cash table, without balances and totals', () => {
    expect(facts(8)).toMatchObject({ kind: 'dividend', symbol: 'KO', amount: '46' })
    expect(facts(9)).toMatchObject({ kind: 'transfer', amount: '500' })
  })

  test('says what it leaves out', () => {
    expect(notes[0]).toContain('1 futures trades were left out')
  })

  test('breaks at an option without a strike', () => {
    expect(breakOf(fileText('thinkorswim.csv').replace('17 MAR 23,60,PUT', '17 MAR 23,,PUT'))).toBe('import/unreadable line 18, Exp')
  })

  test('breaks at a column that is missing', () => {
    expect(breakOf(fileText('thinkorswim.csv').replace('Pos Effect,', 'Effect,'))).toBe('import/unreadable line 17, Pos Effect')
  })
})

const STATEMENT = 'Statement,Header,Field Name,Field Value\n'

describe('Interactive Brokers', () => {
  const { rows, facts, unknownColumns, notes } = readText(fileText('ibkr-activity.csv'))

  test('reads the rows of an activity statement and none of its totals', () => {
    expect(rows).toHaveLength(7)
    expect(facts(5)).toMatchObject({
      kind: 'trade',
      side: 'buy',
      positionEffect: 'open',
      symbol: 'KO',
      price: '61.255',
      amount: '-1838',
      fees: '0.35',
      executedAt: '2026-03-12T14:15:30.000Z',
    })
    expect(facts(6)).toMatchObject({ symbol: 'KO260417C00065000', side: 'sell', quantity: '2', amount: '80.7' })
    expect(facts(7)).toMatchObject({ kind: 'option-event', quantity: '1', symbol: 'KO260312P00060000' })
    expect(facts(13)).toMatchObject({ kind: 'dividend', symbol: 'KO', amount: '15.3' })
    expect(facts(16)).toMatchObject({ kind: 'tax', symbol: 'KO', amount: '-2.3' })
  })

  test('a commission in another currency stands in a row of its own', () => {
    expect(rows.filter(({ line }) => line === 11).map(row => [row.facts.kind, row.facts.currency, row.facts.amount])).toEqual([
      ['trade', 'CHF', '950'],
      ['fee', 'USD', '-2'],
    ])
  })

  test('names the part it does not know, and says that orders are no fills', () => {
    expect(unknownColumns).toEqual(['Moon Report'])
    expect(notes).toHaveLength(1)
  })

  test('spells futures and coins as the other ways into the broker do, or their lots would have no multiplier', () => {
    const { facts: of } = readText(
      `${STATEMENT}Trades,Header,DataDiscriminator,Asset Category,Currency,Symbol,Date/Time,Quantity,T. Price,C. Price,Notional Value,Comm/Fee,Basis,Realized P/L,MTM P/L,Code
Trades,Data,Order,Futures,USD,ESZ6,"2026-03-12, 10:00:00",1,5000,5001,250000,-2.25,0,0,0,O
Trades,Data,Order,Crypto,USD,BTC,"2026-03-12, 10:00:00",1,5000,5001,-5000,-2.25,0,0,0,O
`,
    )
    expect(of(3)).toMatchObject({ symbol: '/ESZ26', assetClass: 'future', price: '5000', fees: '2.25' })
    expect(of(4)).toMatchObject({ symbol: 'BTC/USD', assetClass: 'crypto' })
  })

  test('takes the shares a stamp tax is for as no shares bought', () => {
    const { facts: of } = readText(
      `${STATEMENT}Transaction Fees,Header,Asset Category,Currency,Date/Time,Symbol,Description,Quantity,Trade Price,Amount,Code
Transaction Fees,Data,Stocks,GBP,"2026-03-12, 10:00:00",VOD,UK Stamp Tax,100,0.9,-0.45,
`,
    )
    expect(of(3)).toMatchObject({ kind: 'fee', symbol: 'VOD', quantity: null, amount: '-0.45', fees: '0.45' })
  })

  test('reads which way a transfer went, whatever the sign of its quantity', () => {
    const { facts: of } = readText(
      `${STATEMENT}Transfers,Header,Asset Category,Currency,Symbol,Date,Type,Direction,Xfer Company,Xfer Account,Qty,Xfer Price,Market Value,Realized P/L,Cash Amount,Code
Transfers,Data,Stocks,USD,KO,2026-03-12,ACATS,Out,--,--,100,--,6100,0,0,
Transfers,Data,Stocks,USD,PEP,2026-03-12,ACATS,In,--,--,50,--,7500,0,0,
`,
    )
    expect(of(3)).toMatchObject({ kind: 'transfer', symbol: 'KO', quantity: '-100' })
    expect(of(4)).toMatchObject({ kind: 'transfer', symbol: 'PEP', quantity: '50' })
  })

  test('breaks at a row without its section', () => {
    expect(breakOf(`${fileText('ibkr-activity.csv')}Fees,Data,Other Fees,USD,2026-03-12,Data,-1\n`)).toBe('import/unreadable line 20')
  })

  test('reads a Flex report by execution ids, and refuses one of several accounts', () => {
    const trade =
      '<Trade currency="USD" assetCategory="STK" symbol="KO" tradeDate="20260312" quantity="1" tradePrice="61" netCash="-61" buySell="BUY" ibExecID="a.b.01.01" levelOfDetail="EXECUTION"/>'
    const report = (...accounts: string[]): string =>
      `<FlexQueryResponse type="AF"><FlexStatements>${accounts.map(id => `<FlexStatement accountId="${id}"><Trades>${trade}</Trades></FlexStatement>`).join('')}</FlexStatements></FlexQueryResponse>`
    expect(readText(report('U1')).rows).toMatchObject([{ ownId: 'a.b.01', known: true }])
    expect(readText(report('U1', 'U1')).rows).toHaveLength(1)
    expect(breakOf(report('U1', 'U2'))).toBe('import/several-accounts')
    expect(breakOf(report('U1').replace('levelOfDetail="EXECUTION"', 'levelOfDetail="ORDER"'))).toBe('import/misconfigured-query')
    expect(breakOf(report('U1').replace('20260312', '03/04/2026'))).toBe('import/unreadable line 1, tradeDate')
    expect(breakOf(report('U1').replace('</Trades>', ''))).toMatch(/^import\/unreadable line 1/)
  })
})

describe('OFX', () => {
  const text = fileText('statement.ofx')
  const { rows } = readText(text)

  test('reads investment transactions with their security, to the last digit', () => {
    expect(rows[0]).toMatchObject({
      ownId: 'F1',
      facts: {
        kind: 'trade',
        side: 'buy',
        symbol: 'PG',
        assetClass: 'equity',
        quantity: '10',
        price: '147.5',
        amount: '-1476',
        fees: '1',
        executedAt: '2024-01-19T15:30:05.000Z',
        description: 'Bought P&G',
      },
    })
  })

  test('a value without text takes nothing with it, and noon is no time', () => {
    expect(rows[1]?.facts).toMatchObject({
      kind: 'trade',
      side: 'sell',
      positionEffect: 'open',
      symbol: 'PG240216C00150000',
      quantity: '2',
      executedAt: null,
      tradeDate: '2024-01-19',
    })
  })

  test('income, bank rows and what nobody knows', () => {
    expect(rows.slice(2).map(({ facts, known }) => [facts.kind, facts.amount, known])).toEqual([
      ['dividend', '9.41', true],
      ['transfer', '500', true],
      ['other', '1', false],
    ])
  })

  test('reads the same from OFX 2, which is XML', () => {
    const xml = `<?xml version="1.0"?><?OFX OFXHEADER="200" VERSION="211"?>${text.slice(text.indexOf('<OFX>')).replaceAll(/<([A-Z]+)>([^<\n]+)/g, '<$1>$2</$1>')}`
    expect(readText(xml.replace('<MEMO></INVTRAN>', '<MEMO></MEMO></INVTRAN>')).rows.map(({ facts }) => facts)).toEqual(
      rows.map(({ facts }) => facts),
    )
  })

  test.each([
    ['cut off', (ofx: string) => ofx.slice(0, ofx.indexOf('</INVTRANLIST>')), /^import\/unreadable line \d+, INVTRANLIST$/],
    ['closed wrongly', (ofx: string) => ofx.replace('</INVBUY>', ''), /^import\/unreadable line 15, INVBUY$/],
    ['with a figure that is none', (ofx: string) => ofx.replace('147.5', 'much'), /^import\/unreadable line 16, UNITPRICE$/],
    ['with a day that is none', (ofx: string) => ofx.replace('20240116', '20241316'), /^import\/unreadable line 19, DTTRADE$/],
    ['with a document type', (ofx: string) => ofx.replace('<OFX>', '<!DOCTYPE x><OFX>'), /^import\/unreadable line 1$/],
    ['of a bank account', () => 'OFXHEADER:100\n\n<OFX><BANKMSGSRSV1></BANKMSGSRSV1></OFX>', /^import\/unreadable line 3$/],
  ])('a file %s breaks there', (_, spoil, place) => {
    expect(breakOf(spoil(text))).toMatch(place)
  })
})

describe('a text of no format', () => {
  test('is refused with its header, and without its figures', () => {
    expect(breakOf('Name,Colour,Taste\nApple,red,sweet\n')).toBe('import/unknown-format')
    expect(breakOf('')).toBe('import/unknown-format')
    expect(breakOf('x'.repeat(25_000_001))).toBe('import/too-large')
  })
})

import { describe, expect, test } from 'vitest'
import type { FileFormat } from '../../../electron/core/imports/format.ts'
import { etradeCsv } from '../../../electron/core/imports/formats/etrade-csv.ts'
import { schwabCsv } from '../../../electron/core/imports/formats/schwab-csv.ts'
import { tdaCsv } from '../../../electron/core/imports/formats/tda-csv.ts'
import { totals } from '../../../electron/core/services/ledger-sums.ts'
import { desk } from '../ledger/support/desk.ts'
import { settled } from '../ledger/support/ledger-dump.ts'
import { save } from '../store/support.ts'

const BILL = 'US TREASURY BILL 08/06/26 U S T BILL DUE 08/06/26'
const SCHWAB = `"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"
"06/15/2026","Sell","912797GB7","${BILL}","25,000","$99.00","","$24,750.00"
"03/02/2026","Buy","912797GB7","${BILL}","25,000","$98.00","","-$24,500.00"
`
const TDA = `DATE,TRANSACTION ID,DESCRIPTION,QUANTITY,SYMBOL,PRICE,COMMISSION,AMOUNT,REG FEE,SHORT-TERM RDM FEE,FUND REDEMPTION FEE, DEFERRED SALES CHARGE
03/02/2026,1,Bought 25000 912797GB7 @ 98,25000,912797GB7,98,0.00,-24500.00,,,,
06/15/2026,2,Sold 25000 912797GB7 @ 99,25000,912797GB7,99,0.00,24750.00,,,,
***END OF FILE***
`
const ETRADE = `TransactionDate,TransactionType,SecurityType,Symbol,Quantity,Amount,Price,Commission,Description
03/02/26,Bought,BOND,912797GB7,25000,-24500,98,0,${BILL}
06/15/26,Sold,BOND,912797GB7,-25000,24750,99,0,${BILL}
`

/** What the rows of a file come to. */
function resultsOf(format: FileFormat, text: string) {
  const { db, work, row } = desk()
  const accountId = row({ externalId: 'any' }).accountId
  const { rows } = format.parse(text)
  save(db, rows.map(({ facts, raw }, at) => ({ accountId, raw, facts: { ...facts, externalId: `r${at}` } })))
  expect(settled(work)).toEqual([])
  const [{ realized, fees } = { realized: null, fees: null }] = totals(db.reader, { environment: 'paper' })
  return { classes: [...new Set(rows.map(({ facts }) => facts.assetClass))], realized, fees }
}

describe('bills and bonds in files, which go by their CUSIP and are priced in percent', () => {
  test.each([['Schwab', schwabCsv, SCHWAB], ['TD Ameritrade', tdaCsv, TDA], ['E*TRADE', etradeCsv, ETRADE]] as const)('make what was paid for them, with the fees that were: %s', (_, format, text) => {
    expect(resultsOf(format, text)).toEqual({ classes: ['bond'], realized: '250', fees: '0' })
  })

  test('shares that have no ticker cost their price, and are shares', () => {
    const shares = SCHWAB.replace('"25,000","$98.00","","-$24,500.00"', '"10","$98.00","","-$980.00"').replace('"25,000","$99.00","","$24,750.00"', '"10","$99.00","","$990.00"')
    expect(resultsOf(schwabCsv, shares)).toEqual({ classes: ['equity'], realized: '10', fees: '0' })
  })
})

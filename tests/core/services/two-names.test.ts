import { expect, test } from 'vitest'
import { groupedPositions } from '../../../electron/core/services/portfolio-grouped.ts'
import { countedAccounts } from '../../../electron/core/store/portfolio-accounts.ts'
import { replacePositions } from '../../../electron/core/store/positions.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { AT, tempDatabase } from '../../support/data-folder.ts'
import { withAccounts } from '../store/support.ts'

const d = Dec.of

test('one option on a future held under two names is one position, named as the screens can read it, with every name it has', () => {
  const db = tempDatabase()
  const accounts = withAccounts(db, { con_1: ['1001'], con_2: ['2002'] })
  const option = { assetClass: 'future-option', averagePrice: null, unrealized: d('0'), currency: 'USD', asOf: AT } as const
  const hold = (at: number, ...held: readonly (readonly [string, string, string])[]): void => {
    const [account] = accounts.slice(at)
    if (account === undefined) throw new Error('no account')
    replacePositions(
      db.writer,
      account,
      held.map(([symbol, quantity, value]) => ({ ...option, symbol, quantity: d(quantity), marketValue: d(value) })),
      AT,
    )
  }
  hold(0, ['ESZ6 P6300', '2', '500'], ['EW4Z6 P6300', '1', '90'])
  hold(1, ['./ESZ26 ESZ26 261218P6300', '3', '760'])
  const groups = groupedPositions(db.reader, countedAccounts(db.reader))
  expect(
    groups.map(({ symbol, symbols, quantity, marketValue, holdings }) => [
      symbol,
      symbols,
      quantity,
      marketValue,
      holdings.map(one => [one.symbol, one.quantity]),
    ]),
  ).toEqual([
    [
      './ESZ26 ESZ26 261218P6300',
      ['./ESZ26 ESZ26 261218P6300', 'ESZ6 P6300'],
      '5',
      '1260',
      [
        ['ESZ6 P6300', '2'],
        ['./ESZ26 ESZ26 261218P6300', '3'],
      ],
    ],
    ['EW4Z6 P6300', ['EW4Z6 P6300'], '1', '90', [['EW4Z6 P6300', '1']]],
  ])
})

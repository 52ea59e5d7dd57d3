import { describe, expect, test } from 'vitest'
import { randomFills } from '../../../support/lot-fills.ts'
import { beancountTotals, isInstalled, ledgerTotals, ourTotals } from '../../../support/lot-peers.ts'

const books = randomFills({ seed: 20, fills: 400, symbols: 12, quantityPlaces: 3 })

describe('other programs that keep lots', () => {
  test.skipIf(!isInstalled('bean-query'))('beancount, which chooses the lots itself, comes to the same gains to the last digit', () => {
    expect(beancountTotals(books)).toEqual(ourTotals(books))
  })

  test.skipIf(!isInstalled('ledger'))('ledger, told the same lots, comes to the same gains to the last digit', () => {
    expect(ledgerTotals(books)).toEqual(ourTotals(books))
  })
})

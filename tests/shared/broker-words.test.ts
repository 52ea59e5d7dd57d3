import { describe, expect, test } from 'vitest'
import { cleanWords } from '../../shared/contract/broker-words.ts'

describe("a broker's words", () => {
  test.each([
    ['Insufficient buying power: 12345.67 needed', 'Insufficient buying power: 12345.67 needed'],
    ['Order 100000123456 of account 8230-1234 was not found', 'Order … of account … was not found'],
    ['Account 5WT00001 is closed', 'Account … is closed'],
    ['Account DU1234567: margin', 'Account …: margin'],
    ['AAPL240119C00150000 and AAPL  240119C00150000 do not trade', 'AAPL240119C00150000 and AAPL  240119C00150000 do not trade'],
    ['Market is closed until 2026-11-23', 'Market is closed until 2026-11-23'],
    ['Grant 047e252a-1c1f-4b2e-9f0a-1d2c3b4a5968 was revoked', 'Grant … was revoked'],
    ['tif_next_valid_session is not available for limit orders', 'tif_next_valid_session is not available for limit orders'],
    ['Quantity must be 1 to 9999', 'Quantity must be 1 to 9999'],
    ['<b>Not\nallowed</b>\u202e\u0000', 'Not allowed'],
  ])('%j reads %j', (said, shown) => {
    expect(cleanWords(said)).toBe(shown.replaceAll(/ {2,}/g, ' '))
  })

  test('are 300 characters at most', () => {
    expect(cleanWords('no '.repeat(500))).toHaveLength(300)
  })

  test.each(['', '  \n', null, undefined, '<br/>', '123456789'])('are none in %j', said => {
    expect(cleanWords(said)).toBeUndefined()
  })
})

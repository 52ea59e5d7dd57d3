import { describe, expect, test } from 'vitest'
import { typeOfWord, validityOfWord } from '../../shared/domain/order-terms.ts'

describe("a broker's word for a type of order", () => {
  test.each([
    ['market', 'market'], ['MARKET', 'market'], ['MKT', 'market'], ['Notional Market', 'market'],
    ['limit', 'limit'], ['LMT', 'limit'],
    ['stop', 'stop'], ['STP', 'stop'],
    ['stop_limit', 'stop-limit'], ['Stop Limit', 'stop-limit'], ['STP LMT', 'stop-limit'], ['STOP_LIMIT', 'stop-limit'],
    ['trailing_stop', 'trailing-stop'], ['TRAIL', 'trailing-stop'],
  ])('%s is %s', (word, type) => {
    expect(typeOfWord(word)).toBe(type)
  })

  test.each(['MARKET_ON_CLOSE', 'LIMIT_ON_CLOSE', 'Marketable Limit', 'TRAILING_STOP_LIMIT', 'TRAIL LIMIT', 'NET_DEBIT', 'MIT', 'REL', ''])('%j is of no order of ours', word => {
    expect(typeOfWord(word)).toBeUndefined()
  })
})

describe("a broker's word for how long an order is valid", () => {
  test.each([
    ['DAY', 'day', false], ['GOOD_FOR_DAY', 'day', false], ['GOOD_TILL_CANCEL', 'gtc', false], ['GOOD_UNTIL_CANCEL', 'gtc', false],
    ['GTC', 'gtc', false], ['GTC Ext', 'gtc', true], ['Ext', 'day', true], ['IMMEDIATE_OR_CANCEL', 'ioc', false], ['fok', 'fok', false], ['OPG', 'opg', false],
  ])('%s is %s, in extended hours: %s', (word, timeInForce, extendedHours) => {
    expect(validityOfWord(word)).toEqual({ timeInForce, extendedHours })
  })

  test.each(['GTD', 'END_OF_WEEK', 'GTC Ext Overnight', 'Ext Overnight', 'GOOD_TILL_DATE', ''])('%j is of no order of ours', word => {
    expect(validityOfWord(word)).toBeUndefined()
  })
})

import { describe, expect, test } from 'vitest'
import { shownRaw } from '../../../electron/core/ledger/shown-raw.ts'

describe('a row as the broker sent it', () => {
  test.each([
    [
      '{"element":"Trade","accountId":"U7654321","acctAlias":"","tradeID":"811"}',
      '{"element":"Trade","accountId":"••••4321","acctAlias":"","tradeID":"811"}',
    ],
    ['{"activityId":99887766554,"accountNumber" : "12345678"}', '{"activityId":99887766554,"accountNumber" : "••••5678"}'],
    ['{"transactionItem":{"accountId":123456789,"amount":1.50}}', '{"transactionItem":{"accountId":"••••6789","amount":1.50}}'],
    ['{"account-number":"5WT00042"}', '{"account-number":"••••0042"}'],
    ['{"Account":"U7654321","account":"U7654321"}', '{"Account":"••••4321","account":"••••4321"}'],
    ['{"displayAcctId":"8345-1122","accountType":"MARGIN"}', '{"displayAcctId":"••••1122","accountType":"MARGIN"}'],
    [
      '{"account":{"id":7},"accountName":"Mine","Description":"accountId: 12345678"}',
      '{"account":{"id":7},"accountName":"Mine","Description":"accountId: 12345678"}',
    ],
  ])('%s is shown as %s', (raw, shown) => {
    expect(shownRaw(raw)).toBe(shown)
  })
})

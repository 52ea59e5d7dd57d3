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
    ['{"acct_num":"12345678","my-account_idkey":"1234567","Account No" : -1234567}', '{"acct_num":"••••5678","my-account_idkey":"••••67","Account No" : "••••67"}'],
    ['{"accountCode":"U76\\"54321"}', '{"accountCode":"••••4321"}'],
    ['{"accountId":"1234","account_id":"12-34-56-78"}', '{"accountId":"••••34","account_id":"••••5678"}'],
    ['{"accountId":"A12","accountNo":"MARGIN","accountValue":"12345678","accountIdx":"12345678","act":"12345678"}', '{"accountId":"A12","accountNo":"MARGIN","accountValue":"12345678","accountIdx":"12345678","act":"12345678"}'],
  ])('%s is shown as %s', (raw, shown) => {
    expect(shownRaw(raw)).toBe(shown)
  })
})

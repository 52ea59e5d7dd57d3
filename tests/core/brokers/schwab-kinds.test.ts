import { expect, test } from 'vitest'
import { activityKind } from '../../../electron/core/brokers/schwab/kinds.ts'

test.each([
  ['DIVIDEND_OR_INTEREST', 'Qualified Dividend~MSFT', 'dividend'],
  ['DIVIDEND_OR_INTEREST', 'Bank Interest', 'interest'],
  ['DIVIDEND_OR_INTEREST', 'Margin Interest', 'interest'],
  ['DIVIDEND_OR_INTEREST', 'NRA Tax Adj~BND', 'tax'],
  ['DIVIDEND_OR_INTEREST', 'Foreign Tax Paid~BABA', 'tax'],
  ['DIVIDEND_OR_INTEREST', 'ADR Mgmt Fee~BABA', 'fee'],
  ['DIVIDEND_OR_INTEREST', 'Cash In Lieu~GE', 'corporate-action'],
  ['JOURNAL', 'CASH IN LIEU OF FRACTIONAL SHARE', 'corporate-action'],
  ['RECEIVE_AND_DELIVER', 'Cash In Lieu~GE split', 'corporate-action'],
  ['JOURNAL', 'W-8 Withholding~BND', 'tax'],
  ['JOURNAL', 'Journal To Account ...77', 'journal'],
  ['RECEIVE_AND_DELIVER', 'Assigned', 'transfer'],
  ['RECEIVE_AND_DELIVER', 'Reverse Split~GE', 'split'],
  ['RECEIVE_AND_DELIVER', 'Spin-off~GEV', 'corporate-action'],
  ['TRADE', 'Interest in a Split Fee', 'trade'],
  ['MEMORANDUM', 'Tax', 'other'],
  [null, null, 'other'],
])('%s "%s" is %s', (type, description, kind) => {
  expect(activityKind({ type, description }, 'equity')).toBe(kind)
})

test('an assignment is an option event only for an option', () => {
  expect(activityKind({ type: 'RECEIVE_AND_DELIVER', description: 'Assigned' }, 'option')).toBe('option-event')
})

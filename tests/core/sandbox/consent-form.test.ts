import { expect, test } from 'vitest'
import { fillConsentForm } from '../../../electron/core/sandbox/consent-form.ts'

test('hidden fields, ticked boxes and the button of the decision are sent', () => {
  const html = `<form method="post" action="/consent?a=1&amp;b=2"><input type="hidden" name="ticket" value="t&quot;1">
    <input type=checkbox name=account value=1 checked><input type="checkbox" name="account" value="2">
    <button name="decision" value="approve">Allow</button><button name="decision" value="deny">Deny</button></form>`
  expect(fillConsentForm(html, 'approve')).toEqual({
    method: 'POST',
    action: '/consent?a=1&b=2',
    fields: [
      ['ticket', 't"1'],
      ['account', '1'],
      ['decision', 'approve'],
    ],
  })
  expect(fillConsentForm(html, 'deny')?.fields.at(-1)).toEqual(['decision', 'deny'])
})

test('a page with a form for each decision is answered by the right one', () => {
  const html = `<form action='/no'><button>Cancel</button></form><form action='/yes' method=POST><input name='s' value='x'><input type="submit" value="Authorize"></form>`
  expect(fillConsentForm(html, 'approve')).toEqual({ method: 'POST', action: '/yes', fields: [['s', 'x']] })
  expect(fillConsentForm(html, 'deny')).toEqual({ method: 'GET', action: '/no', fields: [] })
})

test('a page without a form is no consent page', () => {
  expect(fillConsentForm('<p>Access Denied</p>', 'approve')).toBeUndefined()
})

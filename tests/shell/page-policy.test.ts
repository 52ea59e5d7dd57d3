import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { CONTENT_SECURITY_POLICY, PAGE_HEADERS } from '../../electron/node/page-policy.ts'
import { createPageHandler } from '../../electron/shell/protocol.ts'
import { plainText } from '../../renderer/lib/plain-text.ts'
import { repoRoot } from '../support/repo-root.ts'

/** To be changed only together with the reasons in docs/security.md. */
const GOLDEN_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "media-src 'none'; object-src 'none'; frame-src 'none'; worker-src 'none'; manifest-src 'none'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default"

test('the policy is the agreed one, word for word', () => {
  expect(CONTENT_SECURITY_POLICY).toBe(GOLDEN_POLICY)
})

test('every answer of the app scheme carries it with the other headers, found or not', async () => {
  const file = path.join(repoRoot, 'renderer/index.html')
  const answer = createPageHandler(name => (name === '/index.html' ? { file, type: 'text/html; charset=utf-8' } : undefined))
  const asked = ['app://keelson/index.html', 'app://keelson/nothing', 'app://evil/', 'https://keelson/index.html', 'app://keelson/%']
  const answers = await Promise.all(asked.map(url => answer({ url, method: 'GET' })))
  expect(answers.map(({ status }) => status)).toEqual([200, 404, 404, 404, 404])
  for (const { headers } of answers) {
    expect(Object.fromEntries(headers)).toEqual({
      'content-security-policy': GOLDEN_POLICY,
      'content-type': headers.get('content-type'),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'permissions-policy': PAGE_HEADERS['permissions-policy'],
      'x-dns-prefetch-control': 'off',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
    })
  }
})

test('a page may ask its browser for nothing but copying', () => {
  const features = (PAGE_HEADERS['permissions-policy'] ?? '').split(', ')
  expect(features.filter(feature => !/^[a-z-]+=\(\)$/.test(feature))).toEqual([])
  expect(features).toEqual(
    expect.arrayContaining([
      'usb=()',
      'serial=()',
      'hid=()',
      'microphone=()',
      'geolocation=()',
      'clipboard-read=()',
      'payment=()',
    ]),
  )
  expect(features).not.toContain('clipboard-write=()')
})

test('the one rule of the page that makes markup from text takes none', () => {
  expect(plainText(':root{--a:1px}@media (max-width: 48em){.x>.y{color:red}}')).toMatch(/^:root/)
  for (const markup of ['<img src=x onerror=alert(1)>', 'a</style><script>', '<', '<!--'])
    expect(() => plainText(markup)).toThrow(TypeError)
})

test('the page loads that rule before anything else', () => {
  const [first] = readFileSync(path.join(repoRoot, 'renderer/main.tsx'), 'utf8').split('\n')
  expect(first).toBe("import './trusted-text.ts'")
})

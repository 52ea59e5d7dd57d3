import { describe, expect, test } from 'vitest'
import { linkAmong, linkTo, readDeepLink } from '../../electron/shell/deep-link.ts'
import { PAGES } from '../../shared/contract/screens.ts'

describe('a link', () => {
  test('shows each page', () => {
    expect(PAGES.map(page => readDeepLink(linkTo(page)))).toEqual(PAGES.map(page => ({ page })))
  })

  test('may end in a slash, as browsers write it', () => {
    expect(readDeepLink('keelson://health/')).toEqual({ page: 'health' })
  })

  test('may name a connection to look at', () => {
    expect(readDeepLink('keelson://brokers?connection=con_1f2e-3d')).toEqual({ page: 'brokers', connectionId: 'con_1f2e-3d' })
  })

  test.each([
    '', 'keelson', 'keelson:', 'keelson:/', 'keelson://', 'keelson:health', 'keelson:/health', 'keelson:///health', ' keelson://health', 'keelson://health ',
    'keelson://health\n', 'keelson://health\u0000', 'KEELSON://health', 'keelson://HEALTH', 'keelson://hеalth', 'keelson://nowhere', 'keelson://health/now',
    'keelson://health//', 'keelson://health/../settings', 'keelson://health%2f', 'keelson://health#/settings', 'keelson://user@health', 'keelson://health:80',
    'keelson://settings?act=update', 'keelson://brokers?connection=con_1&act=reconnect', 'keelson://brokers?act=reconnect&connection=con_1',
    'keelson://brokers?connection=', 'keelson://brokers?connection=acc_1', 'keelson://brokers?connection=con_', 'keelson://brokers?connection=con_1;x',
    'keelson://brokers?connection=con_1%20', 'keelson://brokers?connection=con_<script>', 'keelson://brokers?connection=con_1&connection=con_2',
    `keelson://brokers?connection=con_${'a'.repeat(61)}`, 'keelson://connections.disconnect?connection=con_1', 'keelson://sync.run', 'keelson://lock',
    'keelson://__proto__', 'keelson://constructor', 'keelson://overview?', 'keelson://overview?connection', 'keelson://overview?x=1',
    'keelson://overview?code=1&state=2', 'keelson://callback?code=abc', 'https://keelson/health', 'app://keelson/index.html', 'file:///etc/passwd',
    'javascript:alert(1)', 'keelson://--no-sandbox', 'keelson://"health"', 'keelson://health" --inspect', 'keelson:\\\\health', `keelson://${'a'.repeat(9000)}`,
  ])('is ignored when it is %j', text => {
    expect(readDeepLink(text)).toBeNull()
  })
})

describe('a command line', () => {
  test('may hold one link among other arguments', () => {
    expect(linkAmong(['/opt/Keelson/keelson', '--data-dir=/home/me/k', 'keelson://health'])).toEqual({ page: 'health' })
  })

  test.each([
    [['keelson']],
    [['keelson', 'keelson://nowhere']],
    [['keelson', 'keelson://health', 'keelson://settings']],
    [['keelson', 'keelson://health', 'KEELSON://x']],
    [['keelson', '--url=keelson://health']],
  ])('leads nowhere when it is %j', args => {
    expect(linkAmong(args)).toBeNull()
  })
})

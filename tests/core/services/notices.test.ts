import { describe, expect, test } from 'vitest'
import { Instant } from '../../../shared/domain/time.ts'
import { Refused, testCore, type TestCore } from '../../support/test-core.ts'

const HOUR_MS = 3_600_000
const mail = {
  enabled: true, host: 'mail.test', port: 587, security: 'starttls', user: 'me', password: 'mail-password-canary', from: 'keelson@mail.test', to: 'me@mail.test', least: 'warning',
} as const

async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown)
  return error instanceof Refused ? error.view.code : 'none'
}

/** Lets the desk look and answers what stands of deadlines: after days without a backup there is more to say. */
async function looked(app: TestCore) {
  app.ports.clock.jump(3_000)
  await app.waitFor(({ type }) => type === 'notices.changed')
  return (await app.call('notices.list', {})).notices.filter(({ kind }) => kind === 'expiry')
}

describe('Notices', () => {
  test('tell of a sign-in that comes to its end, with the button that helps, and end when the user signs in', async () => {
    await using app = await testCore({ background: true, activities: 20 })
    const id = await app.connect('schwab')
    app.ports.clock.jump(6 * 24 * HOUR_MS)
    const notices = await looked(app)
    expect(notices).toMatchObject([{ kind: 'expiry', connectionId: id, action: { kind: 'reconnect' }, readAt: null }])
    expect(app.ports.shown.filter(({ title, body }) => `${title}\n${body}`.includes(notices[0]?.title ?? '?'))).toHaveLength(1)
    await app.connect('schwab', { reconnect: id })
    app.events.length = 0
    expect(await looked(app)).toEqual([])
    expect((await app.call('notices.list', { includeEnded: true })).notices).toContainEqual(expect.objectContaining({ kind: 'expiry', connectionId: id }))
  })

  test('are read, snoozed and dismissed one by one; one that has ended is not', async () => {
    await using app = await testCore({ background: true, activities: 20 })
    await app.connect('schwab')
    app.ports.clock.jump(6 * 24 * HOUR_MS)
    const [notice] = await looked(app)
    const { id = '' } = notice ?? {}
    const { unread } = await app.call('notices.list', {})
    await app.call('notices.snooze', { id, until: Instant.plus(app.ports.clock.now(), HOUR_MS) })
    expect(await app.call('notices.list', {})).toMatchObject({ unread: unread - 1 })
    await app.call('notices.read', { ids: [id] })
    await app.call('notices.dismiss', { id })
    expect((await app.call('notices.list', {})).notices.map(one => one.id)).not.toContain(id)
    expect(await refusal(app.call('notices.dismiss', { id: 'ntc_none' }))).toBe('notice/gone')
    expect(await refusal(app.call('notices.snooze', { id, until: Instant.plus(app.ports.clock.now(), 31 * 24 * HOUR_MS) }))).toBe('auth/bad-field')
  })
})

describe('The mail settings', () => {
  test('keep the password sealed and never give it back', async () => {
    await using app = await testCore({ background: false })
    expect(await app.call('notices.setMail', mail)).toMatchObject({ mail: { host: 'mail.test', hasPassword: true } })
    expect(JSON.stringify(await app.call('notices.settings', {}))).not.toContain('canary')
    expect(await app.call('notices.testMail', {})).toEqual({ to: 'me@mail.test' })
    expect(app.ports.mails).toMatchObject([{ to: 'me@mail.test', subject: 'Keelson: This is a test' }])
    expect(JSON.stringify(app.ports.records)).not.toContain('canary')
  })

  test('keep the password while the server stays the same, and forget it for another one', async () => {
    await using app = await testCore({ background: false })
    const { password: _, ...rest } = mail
    await app.call('notices.setMail', mail)
    expect(await app.call('notices.setMail', { ...rest, least: 'danger' })).toMatchObject({ mail: { hasPassword: true } })
    expect(await app.call('notices.setMail', { ...rest, host: 'other.test' })).toMatchObject({ mail: { hasPassword: false } })
    await app.call('notices.setMail', mail)
    expect(await app.call('notices.setMail', { ...rest, password: '' })).toMatchObject({ mail: { hasPassword: false } })
  })

  test('take no server without encryption but one of this machine, and no address that is none', async () => {
    await using app = await testCore({ background: false })
    expect(await refusal(app.call('notices.setMail', { ...mail, security: 'none' }))).toBe('auth/bad-field')
    expect(await app.call('notices.setMail', { ...mail, security: 'none', host: '127.0.0.1' })).toMatchObject({ mail: { security: 'none' } })
    expect(await refusal(app.call('notices.setMail', { ...mail, to: 'me@mail.test\r\nBcc: all@mail.test' }))).toBe('app/invalid-request')
    expect(await refusal(app.call('notices.setMail', { ...mail, host: 'mail.test/x' }))).toBe('app/invalid-request')
  })

  test('say that nothing is set before anything is sent', async () => {
    await using app = await testCore({ background: false })
    expect(await refusal(app.call('notices.testMail', {}))).toBe('mail/not-set')
    expect(app.ports.mails).toEqual([])
  })
})

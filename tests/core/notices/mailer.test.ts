import { describe, expect, test } from 'vitest'
import { mailOf } from '../../../electron/core/notices/mail-text.ts'
import { NO_MAIL, readMail, writeMail } from '../../../electron/core/store/mail-settings.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { noticeBench, type NoticeBench } from './support/desk.ts'
import { aFinding } from './support/facts.ts'

const HOUR_MS = 3_600_000
const SETTINGS = { ...NO_MAIL, enabled: true, host: 'mail.test', from: 'keelson@mail.test', to: 'me@mail.test', user: 'me' }

function mailing(at: NoticeBench, differs: Partial<typeof SETTINGS> = {}): void {
  writeMail(at.db.writer, { ...SETTINGS, ...differs })
  at.desk.start()
  at.mailer.start()
}

describe('A notice is mailed', () => {
  test('once, with others of the same minute, to the address that was set, by the login of the server', async () => {
    await using at = noticeBench()
    mailing(at)
    at.now.findings = [aFinding('sign-in:con_1', { title: 'Schwab needs a sign-in' })]
    await at.clock.advance(10_000)
    at.now.findings.push(aFinding('disk-low', { title: 'The disk is almost full', severity: 'warning' }))
    at.desk.changed()
    await at.clock.advance(24 * HOUR_MS)
    expect(at.mails).toHaveLength(1)
    const [mail] = at.mails
    expect(mail).toMatchObject({ from: 'keelson@mail.test', to: 'me@mail.test', subject: 'Keelson: 2 things need you' })
    expect(mail?.server).toEqual({ host: 'mail.test', port: 587, security: 'starttls', login: { user: 'me', password: 'a mail password' } })
    expect(mail?.text.indexOf('Schwab needs a sign-in')).toBeLessThan(mail?.text.indexOf('The disk is almost full') ?? 0)
    expect(readMail(at.db.reader).lastError).toBeNull()
  })

  test('later, when the server could not be reached, and the reason is kept for the settings', async () => {
    await using at = noticeBench()
    mailing(at)
    at.server.refuses = new AppError('mail/unreachable', { details: { host: 'mail.test' } })
    at.now.findings = [aFinding('sign-in:con_1')]
    await at.clock.advance(24 * HOUR_MS)
    expect(readMail(at.db.reader).lastError).toMatchObject({ code: 'mail/unreachable' })
    expect(at.server.tries).toBeGreaterThan(3)
    expect(at.server.tries).toBeLessThan(35)
    at.server.refuses = null
    await at.clock.advance(2 * HOUR_MS)
    expect(at.mails).toHaveLength(1)
    expect(readMail(at.db.reader)).toMatchObject({ lastError: null })
  })

  test('once it is as grave as asked for, though it was shown while it was milder', async () => {
    await using at = noticeBench()
    mailing(at, { least: 'danger' })
    at.now.findings = [aFinding('disk-low', { severity: 'warning' })]
    await at.clock.advance(HOUR_MS)
    at.now.findings = [aFinding('disk-low', { severity: 'danger', title: 'The disk is almost full' })]
    at.desk.changed()
    await at.clock.advance(HOUR_MS)
    expect(at.mails.map(({ subject }) => subject)).toEqual(['Keelson: The disk is almost full'])
  })

  test('once a run, also where no note can be made of it, and a disk that takes none ends nothing', async () => {
    await using at = noticeBench()
    mailing(at)
    at.now.findings = [aFinding('disk-low')]
    await at.clock.advance(30_000)
    at.db.raw.exec(`
      CREATE TEMP TRIGGER full_disk BEFORE UPDATE OF mailed_at ON main.notices BEGIN SELECT raise(ABORT, 'database or disk is full'); END`)
    await at.clock.advance(24 * HOUR_MS)
    expect(at.mails).toHaveLength(1)
    at.db.raw.exec('DROP TRIGGER full_disk')
    await at.clock.advance(24 * HOUR_MS)
    expect(at.mails).toHaveLength(1)
    expect(at.standing()).toMatchObject([{ mailedAt: expect.any(String) as string }])
  })

  test('later, when the server did not answer in time: that is no wish of the user', async () => {
    await using at = noticeBench()
    mailing(at)
    at.server.refuses = new AppError('app/canceled')
    at.now.findings = [aFinding('sign-in:con_1')]
    await at.clock.advance(10 * 60_000)
    expect(readMail(at.db.reader).lastError).toMatchObject({ code: 'mail/unreachable' })
  })

  test('not when its reason went away before the message left', async () => {
    await using at = noticeBench()
    mailing(at)
    at.now.findings = [aFinding('sign-in:con_1')]
    await at.clock.advance(10_000)
    at.now.findings = []
    at.desk.changed()
    await at.clock.advance(HOUR_MS)
    expect(at.mails).toEqual([])
  })

  test('not when it is milder than asked for, and not while mail is off', async () => {
    await using at = noticeBench()
    mailing(at, { least: 'danger' })
    at.now.findings = [aFinding('disk-low', { severity: 'warning' })]
    await at.clock.advance(HOUR_MS)
    writeMail(at.db.writer, { ...SETTINGS, enabled: false })
    at.now.findings.push(aFinding('sign-in:con_1'))
    at.desk.changed()
    await at.clock.advance(HOUR_MS)
    expect(at.mails).toEqual([])
  })
})

describe('A message', () => {
  test('is one header line and plain words, whatever a connection is called', () => {
    const { subject, text, html } = mailOf([{ title: 'IRA\r\nBcc: all@mail.test needs a sign-in', body: '<img src=x onerror=alert(1)> & "more"', severity: 'danger' }])
    expect(subject).toBe('Keelson: IRA Bcc: all@mail.test needs a sign-in')
    expect(text).toContain('<img src=x')
    expect(html).not.toContain('<img')
    expect(html).toContain('&#60;img')
  })

  test('to see that it arrives is refused without a server', async () => {
    await using at = noticeBench()
    await expect(at.mailer.test({ signal: new AbortController().signal })).rejects.toMatchObject({ code: 'mail/not-set' })
  })
})

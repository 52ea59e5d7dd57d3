import { once } from 'node:events'
import { expect } from 'playwright/test'
import { SMTPServer } from 'smtp-server'
import { test } from './host.ts'
import { expectSound } from './sound.ts'

test.use({ rows: 'some' })

const PASSWORD = 'a password for mail'

/** A mail server on this machine that takes one password; answers its port and what was sent. */
async function mailServer(): Promise<{ port: number; mails: string[]; close: () => Promise<void> }> {
  const mails: string[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ password }, _session, done) => (password === PASSWORD ? done(null, { user: 'me' }) : done(new Error('no such user'))),
    onData(stream, _session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
        mails.push(Buffer.concat(parts).toString('utf8'))
        done()
      })
    },
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const address = server.server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    mails,
    close: () => new Promise<void>(resolve => { server.close(() => resolve()) }),
  }
}

test('notices are mailed: checked before saving, refused with a reason, then tested, with the password never shown again', async ({
  page, host, complaints,
}) => {
  const server = await mailServer()
  try {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.goto(host.link)
    await page.getByRole('link', { name: 'Settings' }).click()
    const mail = page.getByRole('region', { name: 'Notices by e-mail' })
    await mail.getByRole('button', { name: 'Save' }).click()
    await expect(mail.getByLabel('Mail server')).toHaveAttribute('aria-invalid', 'true')
    await expectSound(page, 'an unfinished e-mail form')
    await mail.getByLabel('Send notices by e-mail').check()
    await mail.getByLabel('Mail server').fill('127.0.0.1')
    await mail.getByLabel('Port').fill(String(server.port))
    await mail.getByLabel('Security').selectOption('none')
    await mail.getByLabel('User').fill('me')
    await mail.getByRole('textbox', { name: /^Password/ }).fill('the wrong one')
    await mail.getByLabel('From').fill('keelson@example.com')
    await mail.getByLabel('To', { exact: true }).fill('me@example.com')
    await mail.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('E-mail settings saved')).toBeVisible()
    await mail.getByRole('button', { name: 'Send a test message' }).click()
    await expect(mail.getByRole('alert')).toContainText('mail/')
    await expectSound(page, 'a refused test message')

    await mail.getByRole('textbox', { name: /^Password/ }).fill(PASSWORD)
    await mail.getByRole('button', { name: 'Save' }).click()
    await expect(mail.getByRole('textbox', { name: /^Password/ })).toHaveValue('')
    await expect(mail).toContainText('One is sealed in the vault')
    await mail.getByRole('button', { name: 'Send a test message' }).click()
    await expect(page.getByText('A test message is sent')).toBeVisible()
    expect(server.mails).toHaveLength(1)
    expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain(PASSWORD)
    expect(complaints).toEqual([])
  } finally {
    await server.close()
  }
})

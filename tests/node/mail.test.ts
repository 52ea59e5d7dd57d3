import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createMail } from '../../electron/node/mail.ts'
import type { MailServer } from '../../electron/core/ports.ts'

const signal = new AbortController().signal
const message = { from: 'keelson@mail.test', to: 'me@mail.test', subject: 'Keelson: Schwab needs a sign-in', text: 'Sign in – soon.', html: '<p>Sign in – soon.</p>' }

interface Box {
  readonly port: number
  readonly mails: string[]
  readonly logins: string[]
}

/** A mail server on this machine that takes one user and keeps what it gets. */
async function mailServer(options: SMTPServerOptions = {}): Promise<Box> {
  const mails: string[] = []
  const logins: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      logins.push(username ?? '')
      if (username === 'me' && password === 'right') done(null, { user: username })
      else done(new Error('no such user'))
    },
    onData(stream, _session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        mails.push(Buffer.concat(parts).toString('utf8'))
        done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  onTestFinished(() => new Promise<void>(resolve => server.close(() => resolve())))
  return { port: (server.server.address() as AddressInfo).port, mails, logins }
}

const plain = (port: number, login: MailServer['login'] = null): MailServer => ({ host: '127.0.0.1', port, security: 'none', login })

describe('Mail is sent', () => {
  test('with both bodies, to whom it is for', async () => {
    const box = await mailServer()
    await createMail().send(message, plain(box.port, { user: 'me', password: 'right' }), { signal })
    expect(box.logins).toEqual(['me'])
    expect(box.mails).toHaveLength(1)
    expect(box.mails[0]).toMatch(/^From: keelson@mail\.test\r\nTo: me@mail\.test\r\nSubject: Keelson: Schwab needs a sign-in\r\n/)
    expect(box.mails[0]).toContain('multipart/alternative')
  })

  test('to nobody more than it says, whatever the addresses hold', async () => {
    const box = await mailServer()
    await createMail().send({ ...message, subject: 'IRA\r\nBcc: all@mail.test' }, plain(box.port), { signal })
    expect(box.mails[0]).not.toMatch(/^Bcc:/m)
  })
})

describe('Mail is refused', () => {
  test('when the server does not take the password, which is in no part of the error', async () => {
    const box = await mailServer()
    const failure: unknown = await createMail().send(message, plain(box.port, { user: 'me', password: 'hunter2-canary' }), { signal }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'mail/sign-in-refused', message: expect.stringContaining('127.0.0.1') as unknown })
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('hunter2-canary')
    expect(box.mails).toEqual([])
  })

  test('when encryption is asked for and the server has none', async () => {
    const box = await mailServer()
    await expect(createMail().send(message, { ...plain(box.port), security: 'starttls' }, { signal })).rejects.toMatchObject({ code: 'mail/not-secure' })
    expect(box.mails).toEqual([])
  })

  test('when nobody vouches for the certificate of the server', async () => {
    const made = await generate([{ name: 'commonName', value: 'mail.test' }])
    const box = await mailServer({ secure: true, key: made.private, cert: made.cert })
    await expect(createMail().send(message, { ...plain(box.port), security: 'tls' }, { signal })).rejects.toMatchObject({ code: 'mail/not-secure' })
    expect(box.mails).toEqual([])
  })

  test('when the server does not take the recipient', async () => {
    const box = await mailServer({ onRcptTo: (_address, _session, done) => done(new Error('nobody of that name')) })
    await expect(createMail().send(message, plain(box.port), { signal })).rejects.toMatchObject({ code: 'mail/refused' })
  })

  test('when nothing answers', async () => {
    const box = await mailServer()
    await expect(createMail().send(message, plain(box.port === 1 ? 2 : 1), { signal })).rejects.toMatchObject({ code: 'mail/unreachable' })
  })

  test('when it is given up, even while the server is silent', async () => {
    const stop = new AbortController()
    const box = await mailServer({ onMailFrom: () => stop.abort() })
    await expect(createMail().send(message, plain(box.port), { signal: stop.signal })).rejects.toMatchObject({ code: 'app/canceled' })
  })
})

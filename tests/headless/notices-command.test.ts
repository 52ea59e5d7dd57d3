import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runCommandLine } from '../../electron/headless/command-line.ts'
import { layoutAround } from '../../electron/node/layout.ts'
import { tempFolder } from '../support/fake-ports.ts'
import { fakeTerminal } from './support/fake-terminal.ts'

const PASSWORD = 'smtp-password-canary'

async function mailbox(): Promise<{ readonly port: number; readonly mails: string[] }> {
  const mails: string[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ password }, _session, done) => (password === PASSWORD ? done(null, { user: 'me' }) : done(new Error('wrong'))),
    onData(stream, _session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        mails.push(Buffer.concat(parts).toString('utf8'))
        done()
      })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  onTestFinished(() => new Promise<void>(resolve => server.close(() => resolve())))
  return { port: (server.server.address() as AddressInfo).port, mails }
}

function setting() {
  const folder = tempFolder()
  onTestFinished(() => folder[Symbol.dispose]())
  const keelson = async (args: readonly string[], env: Record<string, string> = {}) => {
    const terminal = fakeTerminal({ env: { KEELSON_PASSPHRASE: 'correct horse battery', KEELSON_DATA_DIR: folder.path, ...env } })
    const code = await runCommandLine(args, {
      serve: () => Promise.reject(new Error('not served here')), layout: layoutAround(import.meta.dirname), terminal, signal: new AbortController().signal,
    })
    return { code, out: terminal.output.join('\n'), err: terminal.errors.join('\n') }
  }
  return keelson
}

describe('keelson notices', () => {
  test('says that nothing needs you, and is one document with --json', async () => {
    const keelson = setting()
    expect(await keelson(['notices'])).toMatchObject({ code: 0, out: 'Nothing needs you.' })
    const { out } = await keelson(['notices', 'list', '--all', '--json'])
    expect(JSON.parse(out)).toEqual({ unread: 0, notices: [] })
  })

  test('sets the mail server, sends a message through it, and shows the password nowhere', async () => {
    const keelson = setting()
    const box = await mailbox()
    const mail = ['notices', 'mail', '--host', '127.0.0.1', '--port', String(box.port), '--security', 'none', '--user', 'me', '--from', 'keelson@mail.test', '--to', 'me@mail.test']
    const set = await keelson([...mail, '--test'], { KEELSON_SMTP_PASSWORD: PASSWORD })
    expect(set.out).toBe(`A test message was sent to me@mail.test.\nNotices from "warning" on are mailed to me@mail.test through 127.0.0.1:${box.port} (none).`)
    expect(box.mails).toHaveLength(1)
    const shown = await keelson(['notices', 'mail', '--json'])
    expect(JSON.parse(shown.out)).toMatchObject({ enabled: true, hasPassword: true, host: '127.0.0.1' })
    expect(set.out + set.err + shown.out + shown.err).not.toContain(PASSWORD)
    expect((await keelson(['notices', 'mail', '--off'])).out).toBe('Notices are not mailed.')
  })

  test('says why a message could not be sent, with the way out', async () => {
    const keelson = setting()
    const box = await mailbox()
    const mail = ['notices', 'mail', '--host', '127.0.0.1', '--port', String(box.port), '--security', 'none', '--user', 'me', '--from', 'keelson@mail.test', '--to', 'me@mail.test']
    const refused = await keelson([...mail, '--test'], { KEELSON_SMTP_PASSWORD: 'another-canary' })
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('does not accept this user and password')
    expect(refused.err).not.toContain('another-canary')
    expect((await keelson(['notices', 'mail', '--test', '--to', 'nobody'])).code).not.toBe(0)
    expect((await setting()(['notices', 'mail', '--test'])).err).toContain('No mail server is set')
  })

  test('says that a notice does not stand any more', async () => {
    const keelson = setting()
    expect((await keelson(['notices', 'dismiss', 'ntc_none'])).err).toContain('does not stand any more')
    expect((await keelson(['notices', 'snooze', 'ntc_none', '--hours', '3'])).err).toContain('does not stand any more')
  })
})

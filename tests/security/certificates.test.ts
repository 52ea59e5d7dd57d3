import { createServer } from 'node:https'
import { generate } from 'selfsigned'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAgent } from '../../electron/core/net/agent.ts'
import { createMail } from '../../electron/node/mail.ts'

const VARIABLE = 'NODE_TLS_REJECT_UNAUTHORIZED'
const before = process.env[VARIABLE]

beforeEach(() => void (process.env[VARIABLE] = '0'))
afterEach(() => {
  if (before === undefined) delete process.env[VARIABLE]
  else process.env[VARIABLE] = before
})

/** A server whose certificate nobody signed, as somebody between us and a broker would have it. */
async function between() {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' })
  const reached: string[] = []
  const server = createServer({ key, cert }, (request, response) => {
    reached.push(request.url ?? '')
    response.end('{}')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    reached,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

test('a broker is not called through a certificate nobody signed, whatever the environment says', async () => {
  await using middle = await between()
  const agent = await createAgent()
  await expect(agent.request({ origin: `https://localhost:${middle.port}`, path: '/v2/account', method: 'GET' })).rejects.toThrow(
    /self-signed|certificate/,
  )
  expect(middle.reached).toEqual([])
  await agent.close()
})

test('no mail is sent through one either', async () => {
  await using middle = await between()
  const message = { from: 'me@example.com', to: 'you@example.com', subject: 'x', text: 'x', html: 'x' }
  const server = { host: '127.0.0.1', port: middle.port, security: 'tls' as const, login: { user: 'me', password: 'secret' } }
  await expect(createMail().send(message, server, { signal: AbortSignal.timeout(30_000) })).rejects.toMatchObject({
    code: 'mail/not-secure',
  })
})

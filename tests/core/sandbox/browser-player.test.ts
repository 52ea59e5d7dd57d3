import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { expect, test } from 'vitest'
import { approveConsent, approveVerifier } from '../../../electron/core/sandbox/browser-player.ts'
import { AUTHORIZE, openBench } from './client.ts'
import type { Bench } from './client.ts'

interface Listener extends AsyncDisposable {
  readonly redirect: string
  readonly certificatePem: string
  readonly visits: string[]
}

/** A loopback listener over https, with a certificate of its own. */
async function listen(): Promise<Listener> {
  const names = { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] } as const
  const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    curve: 'P-256',
    extensions: [{ ...names, altNames: [...names.altNames] }],
  })
  const visits: string[] = []
  const server = createServer({ key: pems.private, cert: pems.cert }, (request, response) => {
    visits.push(request.url ?? '')
    response.end('done')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { redirect: `https://127.0.0.1:${port}/callback/schwab`, certificatePem: pems.cert, visits, [Symbol.asyncDispose]: close }
}

function addressOf(bench: Bench, redirect: string): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: bench.sandbox.control('schwab').clientId,
    redirect_uri: redirect,
    state: 'abc',
  })
  return `${bench.sandbox.urls.schwab}/v1/oauth/authorize?${query.toString()}`
}

const { signal } = new AbortController()

test('an approved consent arrives at an https listener whose certificate it was given', async () => {
  await using bench = await openBench({ brokers: ['schwab'] })
  await using listener = await listen()
  const { certificatePem, redirect, visits } = listener
  expect(await approveConsent({ authorizeUrl: addressOf(bench, redirect), certificatePem, signal })).toMatchObject({
    status: 200,
    body: 'done',
  })
  expect(visits).toHaveLength(1)
  expect(visits[0]).toMatch(/^\/callback\/schwab\?code=C0\.[\w-]+%40&session=[0-9a-f-]{36}&state=abc$/)
})

test('a denied consent arrives as an error', async () => {
  await using bench = await openBench({ brokers: ['schwab'] })
  await using listener = await listen()
  const { certificatePem, redirect, visits } = listener
  await approveConsent({ authorizeUrl: addressOf(bench, redirect), certificatePem, signal, decision: 'deny' })
  expect(visits).toEqual(['/callback/schwab?error=access_denied&state=abc'])
})

test('a listener without a known certificate is not visited', async () => {
  await using bench = await openBench({ brokers: ['schwab'] })
  await using listener = await listen()
  await expect(approveConsent({ authorizeUrl: addressOf(bench, listener.redirect), signal })).rejects.toThrow(/self.signed|certificate/)
  expect(listener.visits).toEqual([])
})

test('an address that is not on this machine is not visited', async () => {
  await expect(approveConsent({ authorizeUrl: 'http://example.com/authorize', signal })).rejects.toThrow('this machine only')
})

test.each(['tastytrade', 'tdameritrade'] as const)('an approved %s consent arrives with a code', async stand => {
  await using bench = await openBench({ stands: [stand] })
  await using listener = await listen()
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: bench.sandbox.control(stand).clientId,
    redirect_uri: listener.redirect,
  })
  const authorizeUrl = `${bench.sandbox.urls[stand]}${AUTHORIZE[stand]}?${query.toString()}`
  await approveConsent({ authorizeUrl, certificatePem: listener.certificatePem, signal })
  expect(listener.visits).toHaveLength(1)
  expect(listener.visits[0]).toContain('?code=')
})

test('a page without a consent to give has no code to carry over', async () => {
  await using bench = await openBench({ stands: ['etrade'] })
  const authorizeUrl = `${bench.sandbox.urls.etrade}/e/t/etws/authorize?key=unknown&token=unknown`
  await expect(approveVerifier({ authorizeUrl, signal })).rejects.toThrow('the consent page answered 401')
  await expect(approveVerifier({ authorizeUrl: 'http://example.com/authorize', signal })).rejects.toThrow('this machine only')
})

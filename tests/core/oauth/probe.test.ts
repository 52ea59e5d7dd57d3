import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { expect, test } from 'vitest'
import { createCertificate } from '../../../electron/core/oauth/certificate.ts'
import { STRAY_PAGE } from '../../../electron/core/oauth/pages.ts'
import { probeLoopback } from '../../../electron/core/oauth/probe.ts'
import type { Listener } from '../../../electron/core/oauth/sockets.ts'
import { fakePorts } from '../../support/fake-ports.ts'

const { clock, random } = fakePorts('unused')

/** Probes a server as if it stood in our listener's place. */
async function probe(server: Listener, certificatePem: string | null = null): Promise<boolean> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const reached = await probeLoopback({ port, certificatePem, page: STRAY_PAGE, clock, random })
  server.close()
  return reached
}

test('our own page means the browser will reach us', async () => {
  expect(await probe(createServer((_, response) => response.end(STRAY_PAGE)))).toBe(true)
})

test('another page, an endless one, or a cut connection means something stands between', async () => {
  expect(await probe(createServer((_, response) => response.end('Blocked by your administrator')))).toBe(false)
  expect(await probe(createServer((_, response) => response.end('x'.repeat(100_000))))).toBe(false)
  expect(await probe(createServer(request => request.socket.destroy()))).toBe(false)
})

test('a listener that never answers is given up on', async () => {
  const asked = Promise.withResolvers<void>()
  const reached = probe(createServer(() => asked.resolve()))
  await asked.promise
  clock.jump(5_000)
  expect(await reached).toBe(false)
})

test('a certificate that is not ours means someone reads along', async () => {
  const [ours, theirs] = [await createCertificate(clock.now()), await createCertificate(clock.now())]
  const secure = (key: string, cert: string): Listener => createSecureServer({ key, cert }, (_, response) => response.end(STRAY_PAGE))
  expect(await probe(secure(ours.keyPem, ours.certificatePem), ours.certificatePem)).toBe(true)
  expect(await probe(secure(theirs.keyPem, theirs.certificatePem), ours.certificatePem)).toBe(false)
})

import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { startSandbox } from '../../electron/core/sandbox/sandbox.ts'
import { createLogFile } from '../../electron/node/log-sink.ts'
import { Instant } from '../../shared/domain/time.ts'
import { hits, hitsIn } from '../support/canaries.ts'
import { tempFolder } from '../support/fake-ports.ts'
import { sandboxVariables, testCore } from '../support/test-core.ts'

interface Echo extends AsyncDisposable {
  readonly origin: string
  /** Every credential a request carried while it was echoing, bare. */
  readonly heard: Set<string>
  /** From now on calls whose path has this get back, as an error, all they were sent; null for none. */
  echo(path: string | null): void
}

/** A front door before a simulator that can be careless: it quotes in its errors what it was sent, as some do while being debugged. */
async function carelessDoor(target: string): Promise<Echo> {
  let careless: string | null = null
  const heard = new Set<string>()
  const pass = (from: IncomingMessage, to: ServerResponse, body: Buffer): void => {
    const { method, headers, url } = from
    const sent = request(new URL(url ?? '/', target), { method, headers: { ...headers, host: new URL(target).host } }, answer => {
      to.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(to)
    })
    sent.end(body)
  }
  const answer = async (from: IncomingMessage, to: ServerResponse): Promise<void> => {
    const body = await buffer(from)
    if (careless === null || !(from.url ?? '').includes(careless)) return pass(from, to, body)
    const form = new URLSearchParams(body.toString('utf8'))
    const names = ['apca-api-key-id', 'apca-api-secret-key', 'authorization']
    const headers = names.flatMap(name => (typeof from.headers[name] === 'string' ? [from.headers[name]] : []))
    for (const one of [...headers, form.get('refresh_token'), form.get('client_secret')]) if (one) heard.add(one.replace(/^\w+ /, ''))
    const said = `not allowed for ${headers.join(' and ')} with ${body.toString('utf8')} at ${from.url ?? ''}`
    to.writeHead(403, { 'content-type': 'application/json' }).end(
      JSON.stringify({ code: 40310000, message: said, error: 'access_denied', error_description: said }),
    )
  }
  const server = createServer((from, to) => void answer(from, to))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    heard,
    echo: path => void (careless = path),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

test.each([
  ['tastytrade', 'KEELSON_SANDBOX_TASTYTRADE_URL', ['/accounts', '/oauth/token']],
  ['alpaca', 'KEELSON_SANDBOX_ALPACA_URL', ['/v2/']],
] as const)('what %s quotes of a token in its errors is neither shown, nor stored, nor logged', async (broker, variable, paths) => {
  using logs = tempFolder()
  const sandbox = await startSandbox({ seed: 5, now: () => Instant.fromEpochMs(Date.now()), size: { activities: 60 } })
  await using door = await carelessDoor(sandbox.urls[broker])
  await using app = await testCore({
    impatient: true,
    ports: { env: { ...sandboxVariables(sandbox), [variable]: door.origin }, log: createLogFile({ folder: logs.path }) },
  })
  const connectionId = await app.connect(broker)
  for (const path of paths) {
    door.echo(path)
    sandbox.control(broker).expireAccessTokens()
    await app.call('sync.run', { connectionId })
    await app.call('connections.test', { connectionId }).catch(() => undefined)
  }
  expect(door.heard.size).toBeGreaterThan(0)
  const secrets = [...door.heard]
  const answers = JSON.stringify([
    await app.call('connections.list', {}),
    await app.call('health.summary', {}),
    await app.call('notices.list', {}),
    await app.call('diagnostics.preview', {}),
    app.events,
  ])
  expect(hitsIn(answers, secrets)).toEqual([])
  expect(answers).toContain('not allowed for')
  expect(hits(app.ports.paths.dataDir, secrets)).toEqual([])
  expect(hits(logs.path, secrets)).toEqual([])
  await sandbox.close()
})

import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { browserCommand } from '../../node/open-browser.ts'
import type { Layout } from '../../node/layout.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { describeFailure } from '../failure.ts'
import { processExists, readHostFile } from '../host-file.ts'
import { askHost } from '../running-host.ts'
import type { Terminal } from '../terminal.ts'
import type { Client } from '../wire.ts'

export interface Check {
  readonly name: string
  /** `warn` is worth knowing and stops nothing. */
  readonly result: 'ok' | 'warn' | 'failed'
  readonly detail: string
}

export interface DoctorDeps {
  readonly terminal: Terminal
  readonly layout: Layout
  readonly dataDir: string
  readonly json: boolean
  /** Opens the core for the length of a check. */
  readonly withClient: <T>(use: (client: Client) => Promise<T>) => Promise<T>
  readonly signal: AbortSignal
}

/** `keelson doctor`: what this machine offers Keelson and what is missing. Fails when something needed is missing. */
export async function doctor(deps: DoctorDeps): Promise<ExitCode> {
  const checks = [
    check('node', 'ok', process.versions.node),
    checkFolder(deps.dataDir),
    await checkHost(deps.dataDir),
    ...(await checkCore(deps)),
    await checkLoopback(),
    checkPages(deps.layout),
    checkBrowser(deps.terminal.env['PATH'] ?? ''),
  ]
  const ok = checks.every(({ result }) => result !== 'failed')
  if (deps.json) deps.terminal.out(JSON.stringify({ ok, checks }))
  else for (const { name, result, detail } of checks) deps.terminal.out(`${result.padEnd(6)}  ${name}: ${detail}`)
  return ok ? EXIT.ok : EXIT.failed
}

function check(name: string, result: Check['result'], detail: string): Check {
  return { name, result, detail }
}

function checkFolder(dataDir: string): Check {
  if (!existsSync(dataDir)) return check('data folder', 'ok', `${dataDir} (made at the first start)`)
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK)
  } catch {
    return check('data folder', 'failed', `${dataDir} cannot be written`)
  }
  const open = process.platform !== 'win32' && (statSync(dataDir).mode & 0o077) !== 0
  return check('data folder', open ? 'warn' : 'ok', open ? `${dataDir} can be read by other users` : dataDir)
}

async function checkHost(dataDir: string): Promise<Check> {
  const host = readHostFile(dataDir)
  const answer = host && processExists(host.pid) ? await askHost(host) : null
  return check(
    'running host',
    'ok',
    host && answer ? `process ${host.pid} at http://127.0.0.1:${host.port}, version ${answer.version}` : 'none',
  )
}

async function checkCore({ withClient, signal }: DoctorDeps): Promise<Check[]> {
  try {
    return await withClient(async client => {
      const { vault } = await client.request('app.status', {}, signal)
      const brokers = await client.request('brokers.list', {}, signal)
      const memory = vault.protection === 'memory'
      const result = vault.state === 'locked' ? 'failed' : memory ? 'warn' : 'ok'
      return [
        check('database', 'ok', 'opens'),
        check('vault', result, vault.notice ?? `${vault.state}, guarded by ${vault.protection}`),
        ...brokers.map(({ name, app }) => check(name, 'ok', app.source === 'none' ? 'no app keys yet' : `app keys from ${app.source}`)),
      ]
    })
  } catch (cause) {
    const { message, action } = describeFailure(cause)
    return [check('core', 'failed', `${message} ${action}`)]
  }
}

function checkLoopback(): Promise<Check> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(check('loopback', 'failed', 'cannot listen on 127.0.0.1')))
    server.listen(0, '127.0.0.1', () => server.close(() => resolve(check('loopback', 'ok', 'can listen on 127.0.0.1'))))
  })
}

function checkPages({ rendererDir }: Layout): Check {
  const built = existsSync(path.join(rendererDir, 'index.html'))
  return check('pages', built ? 'ok' : 'warn', built ? 'built' : 'not built: npm run build')
}

function checkBrowser(searchPath: string): Check {
  const { command } = browserCommand('https://localhost/', process.platform)
  const found = process.platform === 'win32' || searchPath.split(path.delimiter).some(folder => existsSync(path.join(folder, command)))
  return check('browser', found ? 'ok' : 'warn', found ? command : `${command} is missing: open links yourself`)
}

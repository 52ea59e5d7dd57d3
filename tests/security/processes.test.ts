import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SANDBOX_FLEX, SANDBOX_TASTYTRADE_GRANT } from '../../electron/core/sandbox/client-keys.ts'
import { startSandbox } from '../../electron/core/sandbox/sandbox.ts'
import { readHostFile } from '../../electron/headless/host-file.ts'
import { Instant } from '../../shared/domain/time.ts'
import { keelsonEntry } from '../support/built.ts'
import { hits, hitsIn } from '../support/canaries.ts'
import { eventually } from '../support/eventually.ts'
import { tempFolder } from '../support/fake-ports.ts'
import { sandboxVariables } from '../support/test-core.ts'

const VAULT_PASSPHRASE = 'CANARY-vault-passphrase-6b2d90'
const LOCK_PASSPHRASE = 'CANARY-lock-passphrase-e07f41'
const MAIL_PASSWORD = 'CANARY-mail-password-1f5a38'
const { clientSecret, refreshToken } = SANDBOX_TASTYTRADE_GRANT

/** The command line of a process and of everything it started, as `ps` shows it to every user of the machine. */
function commandLines(root: number): string[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter(one => /^\d+$/.test(one))) {
    const stat = read(`/proc/${name}/stat`)
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  const isOurs = (pid: number | undefined): boolean => pid === root || (pid !== undefined && pid > 1 && isOurs(parents.get(pid)))
  return [...parents.keys()].filter(isOurs).map(pid => read(`/proc/${pid}/cmdline`))
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // It ended meanwhile.
    return ''
  }
}

/** What the processes of this test said and were called. */
interface Heard {
  readonly output: string[]
  readonly called: Set<string>
}

interface Started {
  readonly lines?: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** Runs the real command to its end, looking at the process list all the while. */
async function run(heard: Heard, args: readonly string[], { lines = [], env }: Started): Promise<number | null> {
  const child = spawn(process.execPath, [keelsonEntry, ...args], {
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => void heard.output.push(part.toString('utf8')))
  child.stdin.on('error', () => undefined)
  child.stdin.end(lines.map(line => `${line}\n`).join(''))
  const watch = setInterval(() => {
    for (const line of commandLines(child.pid ?? -1)) heard.called.add(line)
  }, 20)
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  clearInterval(watch)
  return code
}

test.skipIf(process.platform !== 'linux')(
  'no secret is printed, or seen in the list of processes, while the real commands and the host take them',
  async () => {
    using folder = tempFolder()
    const sandbox = await startSandbox({ seed: 7, now: () => Instant.fromEpochMs(Date.now()), size: { activities: 60 } })
    const heard: Heard = { output: [], called: new Set() }
    const env = { KEELSON_PASSPHRASE: VAULT_PASSPHRASE, KEELSON_KEYRING: 'off', ...sandboxVariables(sandbox) }
    const at = ['--data-dir', folder.path]
    const keelson = (args: readonly string[], more: Partial<Started> = {}) =>
      run(heard, [...args, ...at], { ...more, env: { ...env, ...more.env } })
    const host = spawn(process.execPath, [keelsonEntry, 'serve', '--port', '0', '--no-open', '--json', ...at], {
      env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = new Promise(resolve => host.once('close', resolve))
    for (const stream of [host.stdout, host.stderr]) stream.on('data', (part: Buffer) => void heard.output.push(part.toString('utf8')))
    try {
      await eventually(() => expect(readHostFile(folder.path)).not.toBeNull())
      // On a busy machine the passphrase's key takes longer than a start waits for it.
      while ((await keelson(['vault', '--json'])) !== 0) continue
      const grant = ['connect', 'tastytrade', '--environment', 'sandbox', '--method', 'personal-grant', '--yes']
      expect(await keelson(grant, { lines: [clientSecret, refreshToken] })).toBe(0)
      // Given as an argument, a secret is refused; its own spelling there is the user's, so it is none of the canaries.
      expect(await keelson([...grant, '--field', 'client-secret=typed-on-the-line'], { lines: [refreshToken] })).not.toBe(0)
      const flex = [
        'connect',
        'ibkr',
        '--environment',
        'sandbox',
        '--method',
        'flex',
        '--yes',
        '--field',
        `query-id=${SANDBOX_FLEX.queryId}`,
      ]
      expect(await keelson(flex, { env: { KEELSON_TOKEN: SANDBOX_FLEX.token } })).toBe(0)
      const mail = [
        'notices',
        'mail',
        '--host',
        '127.0.0.1',
        '--port',
        '9',
        '--security',
        'none',
        '--user',
        'me',
        '--from',
        'me@example.com',
        '--to',
        'you@example.com',
      ]
      expect(await keelson(mail, { env: { KEELSON_SMTP_PASSWORD: MAIL_PASSWORD } })).toBe(0)
      expect(await keelson(['lock', 'set', '--idle', '0'], { lines: [LOCK_PASSPHRASE] })).toBe(0)
      for (const args of [
        ['status'],
        ['status', '--json'],
        ['health', '--json'],
        ['notices', '--all', '--json'],
        ['diagnostics'],
        ['vault', '--json'],
        ['doctor'],
      ])
        await keelson(args)
      for (const line of commandLines(host.pid ?? -1)) heard.called.add(line)
      expect(await keelson(['lock', 'clear'], { lines: [LOCK_PASSPHRASE] })).toBe(0)
    } finally {
      host.kill('SIGTERM')
      await ended
      await sandbox.close()
    }
    const secrets = [clientSecret, refreshToken, SANDBOX_FLEX.token, MAIL_PASSWORD, LOCK_PASSPHRASE, VAULT_PASSPHRASE]
    expect(hitsIn(heard.output.join('\n'), secrets)).toEqual([])
    expect(hitsIn([...heard.called].join('\n'), secrets)).toEqual([])
    expect(hits(folder.path, secrets)).toEqual([])
    // Both searches find what is there.
    expect(hitsIn([...heard.called].join('\n'), ['personal-grant', 'keelson.ts'])).toHaveLength(1)
    expect(heard.output.join('\n')).toContain('"event":"listening"')
    expect(heard.output.join('\n')).toContain('tastytrade')
  },
)

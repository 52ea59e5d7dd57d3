import { describe, expect, test } from 'vitest'
import { runCommandLine } from '../../electron/headless/command-line.ts'
import { EXIT, exitCodeOf } from '../../electron/headless/exit-codes.ts'
import { readFault } from '../../electron/headless/fault-option.ts'
import { layoutAround } from '../../electron/node/layout.ts'
import { keelsonEntry } from '../support/built.ts'
import { tempFolder } from '../support/fake-ports.ts'
import { fakeTerminal } from './support/fake-terminal.ts'

const layout = layoutAround(keelsonEntry)

async function run(...args: string[]) {
  const terminal = fakeTerminal()
  const served: unknown[] = []
  const serve = (flags: unknown) => {
    served.push(flags)
    return Promise.resolve(EXIT.ok)
  }
  const code = await runCommandLine(args, { serve, layout, terminal, signal: new AbortController().signal })
  return { code, out: terminal.output.join('\n'), err: terminal.errors.join('\n'), served }
}

describe('wrong usage', () => {
  test.each([
    ['an unknown command', ['trade'], /unknown command/],
    ['an unknown option', ['status', '--fast'], /unknown option/],
    ['a missing broker', ['connect'], /missing required argument/],
    ['an unknown broker', ['connect', 'robinhood'], /alpaca, schwab/],
    ['an unknown environment', ['connect', 'alpaca', '--environment', 'prod'], /live, paper, sandbox/],
    ['an unknown method', ['connect', 'alpaca', '--method', 'password'], /oauth, api-key/],
    ['a date that is none', ['activities', '--from', '2026-02-30'], /must be a date/],
    ['a count that is none', ['activities', '--limit', '0'], /whole number/],
    ['a page that never was', ['activities', '--after', 'nonsense'], /the `next` of a page/],
    ['endless words', ['activities', '--search', 'x'.repeat(101)], /1 to 100 characters/],
    ['a number too short to name an account', ['import', 'a.csv', '--broker', 'schwab', '--new-account', 'Old', '--number', '1'], /2 to 40/],
    ['an unknown side', ['activities', '--side', 'short'], /buy, sell/],
    ['an unknown kind', ['activities', '--kind', 'gift'], /dividend/],
    ['a privileged port', ['serve', '--port', '80'], /1024/],
    ['an unknown fault', ['sandbox', '--fault', 'earthquake'], /no fault of the sandbox/],
    ['a broken seed', ['sandbox', '--seed', 'x'], /whole number/],
    ['hours beyond what is kept', ['health', '--hours', '9999'], /1 to 2160/],
    ['a missing connection', ['disconnect'], /missing required argument/],
    ['a field without a value', ['connect', 'ibkr', '--field', 'port'], /name=value/],
    ['an unknown way in to take off', ['connections', 'remove-method', 'x', 'password'], /oauth, api-key/],
    ['care for nothing', ['accounts', 'exclude'], /missing required argument/],
    ['a secret on the command line', ['connect', 'alpaca', '--secret', 'x'], /unknown option/],
  ])('such as %s ends with 2 and says what is wrong', async (_name, args, sentence) => {
    const { code, out, err } = await run(...args)
    expect({ code, out }).toEqual({ code: EXIT.usage, out: '' })
    expect(err).toMatch(sentence)
  })
})

describe('the command line', () => {
  test('explains itself', async () => {
    const { code, out } = await run('--help')
    expect(code).toBe(EXIT.ok)
    for (const name of ['serve', 'open', 'status', 'connect', 'sync', 'activities', 'disconnect', 'sandbox', 'doctor'])
      expect(out).toContain(name)
    expect((await run('--version')).out).toMatch(/^\d+\.\d+\.\d+$/)
  })

  test('hands what the quick way does not read to the same `serve`', async () => {
    const { code, served } = await run('serve', '--json', '--no-open', '--port', '0')
    expect({ code, served }).toEqual({
      code: EXIT.ok,
      served: [{ port: 0, open: false, json: true, verbose: false, dataDir: undefined, askPassphrase: 'always' }],
    })
  })

  test('says that nothing runs when there is nothing to open', async () => {
    using folder = tempFolder()
    const { code, out, err } = await run('open', '--json', '--data-dir', folder.path)
    expect({ code, out }).toEqual({ code: EXIT.failed, out: '{"link":null}' })
    expect(err).toContain('keelson serve')
  })

  test('reads faults for every broker or for one', () => {
    const slow = { name: 'slow' }
    expect(readFault('slow')).toMatchObject({ alpaca: slow, schwab: slow, 'ibkr-tws': slow })
    expect(readFault('schwab:rate-limited')).toEqual({ schwab: { name: 'rate-limited' } })
    expect(readFault('ibkr:slow')).toEqual({ 'ibkr-flex': slow, 'ibkr-oauth': slow, 'ibkr-gateway': slow, 'ibkr-tws': slow })
    expect(readFault('ibkr-tws:slow')).toEqual({ 'ibkr-tws': slow })
    expect([readFault(''), readFault('fidelity:slow'), readFault('schwab:')]).toEqual([null, null, null])
  })

  test('ends as its table says', () => {
    const codes = [
      'app/busy',
      'app/canceled',
      'auth/denied',
      'auth/sign-in-needed',
      'auth/method-unavailable',
      'vault/locked',
      'net/offline',
      'app/internal',
    ]
    expect(codes.map(exitCodeOf)).toEqual([4, 130, 3, 3, 2, 5, 1, 1])
  })
})

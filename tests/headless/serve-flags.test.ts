import { describe, expect, test } from 'vitest'
import { readPort, readServeFlags } from '../../electron/headless/serve-flags.ts'

const usual = { port: null, open: true, json: false, verbose: false, dataDir: undefined, askPassphrase: 'always' }

describe('the quick way into `serve`', () => {
  test.each([
    [['serve'], usual],
    [['serve', '--port', '0', '--no-open'], { ...usual, port: 0, open: false }],
    [['serve', '--port=7900', '--json', '--verbose'], { ...usual, port: 7900, json: true, verbose: true }],
    [['serve', '--data-dir', '/x/y', '--ask-passphrase', 'never'], { ...usual, dataDir: '/x/y', askPassphrase: 'never' }],
  ])('reads %j', (args, flags) => {
    expect(readServeFlags(args)).toEqual(flags)
  })

  test.each([
    [['status']],
    [[]],
    [['serve', '--help']],
    [['serve', '--port']],
    [['serve', '--port', '80']],
    [['serve', '--port', '65536']],
    [['serve', '--port', '1e4']],
    [['serve', 'now']],
    [['serve', '--data-dir', '--json']],
    [['serve', '--data-dir=']],
    [['serve', '--ask-passphrase', 'sometimes']],
    [['--json', 'serve']],
  ])('leaves %j to the command line library', args => {
    expect(readServeFlags(args)).toBeNull()
  })

  test('knows which ports need no privilege', () => {
    expect(['0', '1024', '65535', '1', '1023', '65536', '-1', '', ' 8080', '0x50'].map(readPort)).toEqual([
      0,
      1024,
      65535,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
    ])
  })
})

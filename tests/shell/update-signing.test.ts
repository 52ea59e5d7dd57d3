import { spawnSync } from 'node:child_process'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readKeys } from '../../electron/shell/updates/signature.ts'
import { tempFolder } from '../support/data-folder.ts'
import { repoRoot } from '../support/repo-root.ts'
import { installed, lookThrough } from './support/installed-copy.ts'
import { HASH, updateKey } from './support/update-feed.ts'

interface Ran {
  readonly code: number | null
  readonly said: string
}

/** Runs one of the release's scripts with a file of public keys of its own. */
function run(script: string, args: readonly string[], publicFile: string, privateKey?: string): Ran {
  const { KEELSON_UPDATE_KEY: _none, ...env } = process.env
  const given = {
    ...env,
    KEELSON_UPDATE_PUBLIC_KEY_FILE: publicFile,
    ...(privateKey === undefined ? {} : { KEELSON_UPDATE_KEY: privateKey }),
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(repoRoot, '.github/scripts', script), ...args], {
    env: given,
    encoding: 'utf8',
  })
  return { code: status, said: stdout + stderr }
}

const pemOf = (key: ReturnType<typeof updateKey>): string => key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** A folder as electron-builder leaves it, for Linux. */
function builtFolder(bytes: Buffer = Buffer.from('#!/bin/sh\n'), more = ''): string {
  const folder = tempFolder()
  writeFileSync(path.join(folder, 'Keelson-1.3.0.AppImage'), bytes)
  const lines = [
    'version: 1.3.0',
    'files:',
    '  - url: Keelson-1.3.0.AppImage',
    `    sha512: ${HASH(bytes)}`,
    `    size: ${bytes.length}`,
    'path: Keelson-1.3.0.AppImage',
    `sha512: ${HASH(bytes)}`,
    "releaseDate: '2026-11-20T12:00:00.000Z'",
  ]
  writeFileSync(path.join(folder, 'latest-linux.yml'), `${lines.join('\n')}\n${more}`)
  return folder
}

function publicFileOf(...keys: ReturnType<typeof updateKey>[]): string {
  const file = path.join(tempFolder(), 'update-key.pub')
  writeFileSync(file, keys.map(({ pem }) => pem).join(''))
  return file
}

describe('The key script', () => {
  test('makes a pair: the private key for its owner alone, the public one where the build reads it', () => {
    const folder = tempFolder()
    const [privateFile, publicFile] = [path.join(folder, 'update-key.pem'), path.join(folder, 'update-key.pub')]
    const { code, said } = run('make-update-key.mjs', [privateFile], publicFile)
    const text = readFileSync(privateFile, 'utf8')
    expect(code).toBe(0)
    expect(said).not.toContain('BEGIN')
    expect(said).not.toContain(text.split('\n')[1])
    expect(statSync(privateFile).mode & 0o777).toBe(0o600)
    const [key] = readKeys(readFileSync(publicFile, 'utf8'))
    expect(createPublicKey(createPrivateKey(text)).equals(key ?? createPublicKey(text))).toBe(true)
    expect(key).toBeDefined()
  })

  test('never writes over a key, and adds another only when told to', () => {
    const folder = tempFolder()
    const publicFile = path.join(folder, 'update-key.pub')
    const make = (...args: string[]): Ran =>
      run(
        'make-update-key.mjs',
        args.map(arg => (arg.startsWith('-') ? arg : path.join(folder, arg))),
        publicFile,
      )
    expect(make('one.pem').code).toBe(0)
    const before = readFileSync(path.join(folder, 'one.pem'), 'utf8')
    expect(make('two.pem').said).toContain('has a key already')
    expect(make('one.pem', '--add').code).toBe(1)
    expect(readFileSync(path.join(folder, 'one.pem'), 'utf8')).toBe(before)
    expect(readKeys(readFileSync(publicFile, 'utf8'))).toHaveLength(1)
    expect(make('two.pem', '--add').code).toBe(0)
    expect(readKeys(readFileSync(publicFile, 'utf8'))).toHaveLength(2)
  })

  test('keeps the private key out of the repository', () => {
    const publicFile = path.join(tempFolder(), 'update-key.pub')
    for (const place of ['update-key.pem', 'resources/key.pem']) {
      const { code, said } = run('make-update-key.mjs', [path.join(repoRoot, place)], publicFile)
      expect([code, said.includes('outside the repository')]).toEqual([1, true])
    }
    expect(run('make-update-key.mjs', [], publicFile).code).toBe(1)
  })
})

describe('The signing script', () => {
  test('signs what the app then takes', async () => {
    const copy = await installed()
    const release = copy.release()
    const folder = builtFolder(release.bytes)
    const { code, said } = run('sign-update.mjs', [folder, '--days', '30', '--staging', '100'], publicFileOf(copy.key), pemOf(copy.key))
    expect([code, said]).toEqual([0, 'signed latest-linux.yml for 30 days\n'])
    for (const name of readdirSync(folder)) copy.feed.files.set(name, readFileSync(path.join(folder, name)))
    copy.clock.set(Date.now() - Date.parse(copy.clock.now()))
    expect(await lookThrough(copy)).toBe('ready')
    copy.clock.set(30 * 86_400_000 + 60_000)
    expect(await lookThrough({ updates: copy.again() })).toBe('refused: update/expired')
  })

  test('signs again, with another end and percentage in place of those before', () => {
    const key = updateKey()
    const folder = builtFolder()
    const publicFile = publicFileOf(key)
    const signed = (...args: string[]): string => {
      expect(run('sign-update.mjs', [folder, ...args], publicFile, pemOf(key)).code).toBe(0)
      return readFileSync(path.join(folder, 'latest-linux.yml'), 'utf8')
    }
    expect(signed('--staging', '10')).toMatch(/stagingPercentage: 10\n$/)
    const again = signed()
    expect(again.match(/^(?:signed|expires|stagingPercentage):/gm)?.sort()).toEqual(['expires:', 'signed:', 'stagingPercentage:'])
    expect(again).toContain('stagingPercentage: 10\n')
    expect(signed('--staging', '50').match(/stagingPercentage: .*/g)).toEqual(['stagingPercentage: 50'])
  })

  test('signs anew, for another time or part of the copies, only what was signed before and is still the same', () => {
    const [mine, stranger] = [updateKey(), updateKey()]
    const publicFile = publicFileOf(mine)
    const again = (folder: string): Ran => run('sign-update.mjs', [folder, '--again', '--staging', '100'], publicFile, pemOf(mine))
    const released = (): string => {
      const folder = builtFolder()
      expect(run('sign-update.mjs', [folder, '--staging', '10'], publicFile, pemOf(mine)).code).toBe(0)
      return folder
    }
    const good = released()
    expect(again(good)).toEqual({ code: 0, said: 'signed latest-linux.yml for 90 days\n' })
    expect(readFileSync(path.join(good, 'latest-linux.yml'), 'utf8')).toContain('stagingPercentage: 100\n')

    // Whoever may write to a release puts another program there, with a manifest and sums that fit it.
    const evil = Buffer.from('#!/bin/sh\n# evil\n')
    const forged = builtFolder(evil)
    const before = readFileSync(path.join(forged, 'latest-linux.yml'), 'utf8')
    writeFileSync(path.join(forged, 'latest-linux.yml.sig'), readFileSync(path.join(released(), 'latest-linux.yml.sig')))
    const unsigned = builtFolder(evil)
    const others = builtFolder(evil)
    run('sign-update.mjs', [others], publicFileOf(stranger), pemOf(stranger))
    for (const folder of [forged, unsigned, others]) {
      expect(again(folder)).toEqual({ code: 1, said: 'Nothing to publish: latest-linux.yml: not what was released\n' })
    }
    expect(readFileSync(path.join(forged, 'latest-linux.yml'), 'utf8')).toBe(before)
  })

  const key = updateKey()
  const refusals: readonly [string, () => Ran, string][] = [
    ['without a key', () => run('sign-update.mjs', [builtFolder()], publicFileOf(key)), 'KEELSON_UPDATE_KEY is not set'],
    ['with what is no key', () => run('sign-update.mjs', [builtFolder()], publicFileOf(key), 'very secret text'), 'no private key in PEM'],
    [
      'with a key whose public one is not built in',
      () => run('sign-update.mjs', [builtFolder()], publicFileOf(key), pemOf(updateKey())),
      'not signed by the makers',
    ],
    ['without a public key in the build', () => run('sign-update.mjs', [builtFolder()], publicFileOf(), pemOf(key)), 'has no public key'],
    ['in a folder without manifests', () => run('sign-update.mjs', [tempFolder()], publicFileOf(key), pemOf(key)), 'no latest*.yml'],
    [
      'when a file is not the one the manifest names',
      () => changed(folder => writeFileSync(path.join(folder, 'Keelson-1.3.0.AppImage'), '#!/bin/s2\n')),
      'another hash',
    ],
    [
      'when a file has another size',
      () => changed(folder => writeFileSync(path.join(folder, 'Keelson-1.3.0.AppImage'), '')),
      'another size',
    ],
    [
      'for one processor of two',
      () =>
        changed(folder => {
          const text = readFileSync(path.join(folder, 'latest-linux.yml'), 'utf8')
          writeFileSync(path.join(folder, 'latest-mac.yml'), text.replaceAll('Keelson-1.3.0.AppImage', 'Keelson-1.3.0-mac-arm64.zip'))
        }),
      'does not understand',
    ],
    [
      'for a system the app does not know',
      () => changed(folder => writeFileSync(path.join(folder, 'latest-beos!.yml'), readFileSync(path.join(folder, 'latest-linux.yml')))),
      'not a name the app asks for',
    ],
    ['for no time at all', () => run('sign-update.mjs', [builtFolder(), '--days', '0'], publicFileOf(key), pemOf(key)), '--days'],
    ['for more than all', () => run('sign-update.mjs', [builtFolder(), '--staging', '101'], publicFileOf(key), pemOf(key)), '--staging'],
  ]
  function changed(change: (folder: string) => void): Ran {
    const folder = builtFolder()
    change(folder)
    const ran = run('sign-update.mjs', [folder], publicFileOf(key), pemOf(key))
    expect(readdirSync(folder).filter(name => name.endsWith('.sig'))).toEqual([])
    return ran
  }

  test.each(refusals)('signs nothing %s, and never prints the key', (_name, attempt, reason) => {
    const { code, said } = attempt()
    expect(code).toBe(1)
    expect(said).toContain(reason)
    for (const secret of [
      'very secret text',
      'PRIVATE KEY',
      ...pemOf(key)
        .split('\n')
        .filter(line => line.length > 20),
    ])
      expect(said).not.toContain(secret)
  })
})

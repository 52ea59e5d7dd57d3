import { getRawHeader } from '@electron/asar'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { builtFor, filesOf, nativeBinary, strangeIn } from './contents.ts'
import { type Sizes, sizesOf } from './sizes.ts'
import { type Arch, type PackagedApp, packagedApp, type Platform } from './packaged-app.ts'

const ALL: readonly [Platform, Arch][] = (['linux', 'win32', 'darwin'] as const).flatMap(
  platform =>
    [
      [platform, 'x64'],
      [platform, 'arm64'],
    ] satisfies [Platform, Arch][],
)
/** The gate looks at one; `npm run pack:check` at all six. */
const targets = process.env['KEELSON_PACK'] === 'one' ? ALL.slice(0, 1) : ALL

const FUSES = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
  WasmTrapHandlers: true,
} satisfies Record<keyof typeof FuseV1Options, boolean>

/** Bytes of everything that is not Electron itself. */
const LARGEST = 11_000_000
const measured: Record<string, Sizes & PackagedApp['made']> = {}

afterAll(() => {
  mkdirSync(path.join(repository, 'out/reports'), { recursive: true })
  writeFileSync(path.join(repository, 'out/reports/packaging.json'), `${JSON.stringify(measured, null, 2)}\n`)
})

const repository = path.resolve(import.meta.dirname, '../..')
/** Every text that is packaged, with its name. */
function texts(app: PackagedApp): { name: string; text: string }[] {
  return filesOf(app)
    .filter(name => /\.(?:js|cjs|json|html|css|svg)$/.test(name))
    .map(name => ({ name, text: readFileSync(path.join(app.extracted, name), 'utf8') }))
}

function naming(app: PackagedApp, pattern: RegExp): string[] {
  return texts(app)
    .filter(({ text }) => pattern.test(text))
    .map(({ name }) => name)
}

/** What Electron compares at start: the hash of the archive's table of contents, which holds the hashes of its files. */
function contentsHash(asar: string): string {
  return createHash('sha256').update(getRawHeader(asar).headerString).digest('hex')
}

describe.each(targets)('the package for %s-%s', (platform, arch) => {
  const app = packagedApp(platform, arch)

  test('holds what runs, and nothing else', () => {
    expect(strangeIn(filesOf(app), platform, arch)).toEqual({ unexpected: [], missing: [] })
  })

  test('has one native binary, for its own platform and processor, outside the archive where it can be loaded', () => {
    const binaries = filesOf(app).filter(name => name.endsWith('.node'))
    expect(binaries).toEqual([nativeBinary(platform, arch)])
    const unpacked = readdirSync(`${app.asar}.unpacked`, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => path.relative(`${app.asar}.unpacked`, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    expect(unpacked).toEqual([nativeBinary(platform, arch)])
    expect(builtFor(path.join(`${app.asar}.unpacked`, nativeBinary(platform, arch)))).toBe(`${platform}-${arch}`)
  })

  test("reads nothing but the archive and Electron's own files", () => {
    expect(existsSync(path.join(app.resources, 'app'))).toBe(false)
    expect(
      readdirSync(app.resources).filter(
        name => !/^(?:app\.asar(?:\.unpacked)?|app-update\.yml|(?:icon|electron)\.icns|en(?:_US)?\.lproj)$/.test(name),
      ),
    ).toEqual([])
  })

  test('leaves out the keyring of the command line: the app asks Electron for one', () => {
    expect(
      [...filesOf(app), ...readdirSync(app.resources, { recursive: true, encoding: 'utf8' })].filter(name => /napi-rs|keyring/.test(name)),
    ).toEqual([])
  })

  test('tells nothing of the machine that made it, and holds no key', () => {
    expect(naming(app, new RegExp(repository.replaceAll(/[/\\.]/g, '\\$&')))).toEqual([])
    expect(naming(app, /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\\n]*[A-Za-z0-9+/=]{40}/)).toEqual([])
    expect(naming(app, /^\/\/# sourceMappingURL=/m)).toEqual([])
  })

  test('has all nine fuses as decided', async () => {
    const wire: Record<string, unknown> = { ...(await getCurrentFuseWire(app.program)) }
    const states = Object.fromEntries(
      Object.keys(FUSES).map(name => [name, wire[String(Reflect.get(FuseV1Options, name))] === FuseState.ENABLE]),
    )
    expect(Object.keys(wire).filter(key => key !== 'version')).toHaveLength(9)
    expect(Object.values(wire).filter(state => state === FuseState.ENABLE || state === FuseState.DISABLE)).toHaveLength(9)
    expect(states).toEqual(FUSES)
  })

  test.runIf(platform !== 'linux')('carries the hash Electron checks the archive against', () => {
    const holder = platform === 'win32' ? app.program : path.join(app.program, 'Contents/Info.plist')
    const text = readFileSync(holder, 'latin1')
    expect(text).toContain(contentsHash(app.asar))
    expect(text).toContain(platform === 'win32' ? String.raw`resources\\app.asar` : '<key>Resources/app.asar</key>')
  })

  test.runIf(platform === 'darwin')('says what it is: name, icon, oldest system, and that it opens keelson: addresses', () => {
    const plist = readFileSync(path.join(app.program, 'Contents/Info.plist'), 'utf8').replaceAll(/>\s+</g, '><')
    for (const line of [
      '<key>CFBundleIdentifier</key><string>app.keelson.desktop</string>',
      '<key>CFBundleName</key><string>Keelson</string>',
      '<key>CFBundleIconFile</key><string>icon.icns</string>',
      '<key>CFBundleURLSchemes</key><array><string>keelson</string></array>',
      '<key>LSMinimumSystemVersion</key><string>13.0</string>',
      '<key>LSApplicationCategoryType</key><string>public.app-category.finance</string>',
      '<key>NSRequiresAquaSystemAppearance</key><false/>',
    ])
      expect(plist).toContain(line)
    expect(readFileSync(path.join(app.resources, 'icon.icns')).equals(readFileSync(path.join(repository, 'resources/icon.icns')))).toBe(
      true,
    )
  })

  test.runIf(platform === 'win32')('says what it is: name, version and icon in the program itself', () => {
    const program = readFileSync(app.program)
    const holds = (text: string): boolean => program.includes(Buffer.from(`${text}\0`, 'utf16le'))
    expect(
      [
        ['ProductName', 'Keelson'],
        ['FileDescription', 'Keelson'],
        ['LegalCopyright', 'MIT licensed'],
      ]
        .flat()
        .filter(text => !holds(text)),
    ).toEqual([])
    expect(program.includes(readFileSync(path.join(repository, 'resources/icons/256x256.png')))).toBe(true)
  })

  test('has no language but the ones Keelson speaks', () => {
    const folder = platform === 'darwin' ? app.resources : path.join(app.folder, 'locales')
    const languages = readdirSync(folder).filter(name => /\.(?:pak|lproj)$/.test(name))
    expect(languages).toEqual([platform === 'darwin' ? 'en.lproj' : 'en-US.pak'])
  })

  test('takes no more room than it did', () => {
    const sizes = sizesOf(app)
    measured[`${platform}-${arch}`] = { ...sizes, ...app.made }
    expect(sizes.ours).toBeLessThan(LARGEST)
  })
})

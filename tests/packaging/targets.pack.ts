import { LinuxTargetHelper } from 'app-builder-lib/out/targets/LinuxTargetHelper.js'
import FpmTarget from 'app-builder-lib/out/targets/FpmTarget.js'
import { NsisTarget } from 'app-builder-lib/out/targets/nsis/NsisTarget.js'
import { AppPackageHelper, CopyElevateHelper } from 'app-builder-lib/out/targets/nsis/nsisUtil.js'
import { Arch, LinuxPackager, MacPackager, Packager, Platform, WinPackager } from 'electron-builder'
import { getAppUpdatePublishConfiguration } from 'app-builder-lib/out/publish/PublishManager.js'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { readScreen } from '../../shared/contract/screens.ts'
import { readManifest } from '../../electron/shell/updates/manifest.ts'

const root = path.resolve(import.meta.dirname, '../..')
const HASH = `${'a'.repeat(86)}==`
const packager = new Packager({ targets: Platform.LINUX.createTarget(), projectDir: root, config: 'electron-builder.yml' })

beforeAll(async () => {
  vi.stubEnv('KEELSON_UPDATE_URL', 'https://updates.keelson.invalid/')
  // Throws on a key or value electron-builder does not know.
  await packager.validateConfig()
})

/** The packager's own settings of a kind of target, with every name of one of its files for each processor. */
function filesFor(of: WinPackager | MacPackager | LinuxPackager, kind: 'nsis' | 'portable' | 'zip' | 'appImage', ending: string): string[] {
  const own = kind === 'nsis' || kind === 'portable' ? packager.config[kind] : undefined
  return [Arch.x64, Arch.arm64].map(arch => of.expandArtifactNamePattern(own, ending, arch))
}

describe('what a release is made of', () => {
  test('is a disk image and a zip for macOS, an installer and a portable program for Windows, an AppImage and two packages for Linux, each twice', () => {
    const both = (names: readonly string[]): object[] => names.map(target => ({ target, arch: ['x64', 'arm64'] }))
    expect(packager.config.mac?.target).toEqual(both(['dmg', 'zip']))
    expect(packager.config.win?.target).toEqual(both(['nsis', 'portable']))
    expect(packager.config.linux?.target).toEqual(both(['AppImage', 'deb', 'rpm']))
  })

  test('carries the name it had from the start: a key store finds its key by that name', () => {
    expect([packager.config.productName, packager.config.appId, packager.metadata.name]).toEqual([
      'Keelson',
      'app.keelson.desktop',
      'keelson',
    ])
  })

  test('runs on macOS with nothing allowed but compiling, and is notarised', () => {
    const { entitlements, entitlementsInherit, hardenedRuntime, notarize, identity } = packager.config.mac ?? {}
    expect([hardenedRuntime, notarize, identity]).toEqual([true, true, undefined])
    for (const file of [entitlements, entitlementsInherit]) {
      const keys = [...readFileSync(path.join(root, file ?? ''), 'utf8').matchAll(/<key>([^<]+)<\/key>\s*<(\w+)\/>/g)].map(
        ([, key, value]) => [key, value],
      )
      expect(keys).toEqual([['com.apple.security.cs.allow-jit', 'true']])
    }
  })

  test('installs for one user, asks for no administrator and deletes nothing of the user', () => {
    expect(packager.config.nsis).toMatchObject({
      oneClick: true,
      perMachine: false,
      deleteAppDataOnUninstall: false,
      packElevateHelper: false,
    })
    expect(packager.config.win?.requestedExecutionLevel).toBe('asInvoker')
  })

  test('has a maintainer and a home, without which no package for Linux is made', () => {
    expect(packager.config.linux?.maintainer).toMatch(/^\S+ <\S+@\S+>$/)
    expect(packager.metadata.homepage).toMatch(/^https:/)
    expect(packager.metadata.author?.email).toContain('@')
  })

  test('names files that exist', () => {
    const { linux, mac, win } = packager.config
    const named = [
      `resources/${linux?.icon}`,
      `resources/${mac?.icon}`,
      `resources/${win?.icon}`,
      mac?.entitlements,
      String(packager.config.afterPack),
    ]
    expect(named.filter(name => !existsSync(path.join(root, name ?? '-')))).toEqual([])
  })
})

describe('the files of a release', () => {
  const check = (folder: string) =>
    spawnSync(process.execPath, ['.github/scripts/check-files.mjs', folder], { cwd: root, encoding: 'utf8' })

  test('are those electron-builder names, all of them and no other', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'keelson-release-'))
    const [mac, windows, linux] = [new MacPackager(packager), new WinPackager(packager), new LinuxPackager(packager)]
    const names = [Arch.x64, Arch.arm64].flatMap(arch => [
      ...['dmg', 'zip'].map(ending => mac.expandArtifactNamePattern(undefined, ending, arch)),
      ...(['nsis', 'portable'] as const).map(kind => windows.expandArtifactNamePattern(packager.config[kind], 'exe', arch)),
      ...['AppImage', 'deb', 'rpm'].map(ending => linux.expandArtifactNamePattern(undefined, ending, arch)),
    ])
    const manifests = ['latest.yml', 'latest-mac.yml', 'latest-linux.yml', 'latest-linux-arm64.yml']
    for (const name of [...names, ...manifests]) writeFileSync(path.join(folder, name), '')
    expect(check(folder)).toMatchObject({ status: 0, stderr: '' })
    for (const name of readdirSync(folder)) {
      rmSync(path.join(folder, name))
      expect(check(folder).stderr).toContain(`Missing: ${name}.`)
      writeFileSync(path.join(folder, name), '')
    }
    writeFileSync(path.join(folder, 'Keelson-evil.exe'), '')
    expect(check(folder)).toMatchObject({ status: 1 })
    expect(check(folder).stderr).toContain('Unexpected: Keelson-evil.exe.')
    rmSync(folder, { recursive: true })
  })
})

describe('the entry in the menus of Linux', () => {
  test('opens keelson: addresses, belongs to its windows and leads to pages there are', async () => {
    const linux = new LinuxPackager(packager)
    const entry = await new LinuxTargetHelper(linux).computeDesktopEntry(linux.platformSpecificBuildOptions)
    expect(entry).toContain('\nMimeType=x-scheme-handler/keelson;\n')
    expect(entry).toContain('\nExec=/opt/Keelson/keelson %U\n')
    expect(entry).toContain('\nStartupWMClass=keelson\n')
    expect(entry).toContain('\nCategories=Office;Finance;\n')
    const announced = /^Actions=(.*);$/m.exec(entry)?.[1]?.split(';')
    expect([...entry.matchAll(/^\[Desktop Action (\w+)\]$/gm)].map(([, name]) => name)).toEqual(announced)
    const pages = [...entry.matchAll(/^Exec=keelson keelson:\/\/(\w+)$/gm)].map(([, page]) => page ?? '')
    expect(pages).toHaveLength(announced?.length ?? 0)
    expect(pages.filter(page => readScreen(`#/${page}`) === null)).toEqual([])
  })
})

/** What electron-builder lets a package of Linux ask for by itself. */
function usualNeeds(kind: 'deb' | 'rpm'): string[] {
  const linux = new LinuxPackager(packager)
  const target = new FpmTarget(kind, linux, new LinuxTargetHelper(linux), root)
  const needs: unknown = Reflect.get(target, 'getDefaultDepends')
  return typeof needs === 'function' ? String(Reflect.apply(needs, target, [kind])).split(',') : []
}

describe('a package for Linux', () => {
  test.each(['deb', 'rpm'] as const)(
    '(%s) brings along the key store without which no sign-in is kept, and what any Electron needs',
    kind => {
      const needs = [packager.config[kind]?.depends ?? usualNeeds(kind)].flat()
      expect(needs.join(' ')).toMatch(/libsecret/)
      expect(usualNeeds(kind).length).toBeGreaterThan(5)
      expect(usualNeeds(kind).filter(name => !needs.includes(name))).toEqual([])
    },
  )
})

describe('the icons of Linux', () => {
  test('are taken in every size as they are drawn', async () => {
    const icons = await new LinuxPackager(packager).resolveIcon([String(packager.config.linux?.icon)], [], 'set')
    expect(icons.map(({ file, size }) => [path.relative(root, file), size])).toEqual(
      [16, 24, 32, 48, 64, 128, 256, 512, 1024].map(size => [`resources/icons/${size}x${size}.png`, size]),
    )
  })
})

describe('updates', () => {
  test.each([WinPackager, MacPackager, LinuxPackager])('are looked for at one address, and only from our publisher: %o', async kind => {
    const config = await getAppUpdatePublishConfiguration(new kind(packager), undefined, Arch.x64, true)
    expect(config).toMatchObject({
      provider: 'generic',
      url: 'https://updates.keelson.invalid/',
      publisherName: ['Keelson'],
      channel: 'latest',
    })
  })

  test('are found by every copy in the list of files a release has for its system', () => {
    const systems = [
      {
        platform: 'win32',
        names: [...filesFor(new WinPackager(packager), 'nsis', 'exe'), ...filesFor(new WinPackager(packager), 'portable', 'exe')],
        found: (arch: string) => `Keelson-${packager.metadata.version}-win-${arch}-setup.exe`,
      },
      {
        platform: 'darwin',
        names: filesFor(new MacPackager(packager), 'zip', 'zip'),
        found: (arch: string) => `Keelson-${packager.metadata.version}-mac-${arch}.zip`,
      },
    ] as const
    for (const { platform, names, found } of systems) {
      const manifest = {
        version: '9.9.9',
        signed: '2026-01-01T00:00:00.000Z',
        expires: '2026-02-01T00:00:00.000Z',
        files: names.map(url => ({ url, sha512: HASH, size: 1 })),
      }
      for (const arch of ['x64', 'arm64']) expect(readManifest(manifest, { platform, arch }).file.name).toBe(found(arch))
    }
    const images = filesFor(new LinuxPackager(packager), 'appImage', 'AppImage')
    for (const [index, arch] of ['x64', 'arm64'].entries()) {
      const manifest = {
        version: '9.9.9',
        signed: '2026-01-01T00:00:00.000Z',
        expires: '2026-02-01T00:00:00.000Z',
        files: [{ url: images[index], sha512: HASH, size: 1 }],
      }
      expect(readManifest(manifest, { platform: 'linux', arch }).file.name).toBe(images[index])
    }
  })

  test('are described with their size, which copies ask for: electron-builder measures an installer only while it looks for differences', () => {
    const windows = new WinPackager(packager)
    const installer = new NsisTarget(windows, root, 'nsis', new AppPackageHelper(new CopyElevateHelper()))
    expect(Reflect.get(installer, 'isBuildDifferentialAware')).toBe(true)
  })

  test('cannot be packaged without an address', async () => {
    vi.stubEnv('KEELSON_UPDATE_URL', undefined)
    await expect(getAppUpdatePublishConfiguration(new LinuxPackager(packager), undefined, Arch.x64, true)).rejects.toThrow(
      'KEELSON_UPDATE_URL',
    )
    vi.stubEnv('KEELSON_UPDATE_URL', 'https://updates.keelson.invalid/')
  })
})

import { extractAll } from '@electron/asar'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { CUTS, offline } from './offline.ts'
import { layFakeDist, type Platform } from './fake-dist.ts'

export type { Platform }
const MADE = z.object({ seconds: z.number(), cut: z.enum(CUTS) })
export type Arch = 'x64' | 'arm64'

/** A package as electron-builder lays it out for one platform, on this disk. */
export interface PackagedApp {
  readonly platform: Platform
  readonly arch: Arch
  /** Folder of the unpacked package: on macOS the one that holds Keelson.app. */
  readonly folder: string
  /** The program a user starts, or Keelson.app: what @electron/fuses reads. */
  readonly program: string
  /** `resources`, or Keelson.app/Contents/Resources. */
  readonly resources: string
  readonly asar: string
  /**
   * Everything that is in app.asar or beside it in app.asar.unpacked as one plain folder: what a Node without Electron's asar support
   * can run. Its package.json names the entry.
   */
  readonly extracted: string
  /** How long electron-builder took, and how it was kept from the network. */
  readonly made: Readonly<z.infer<typeof MADE>>
}

const root = path.resolve(import.meta.dirname, '../..')
const store = path.join(root, 'out/packaged')
const BUILT = ['out/main/index.js', 'out/preload/preload.cjs', 'out/renderer/index.html']
const INPUTS = [
  'out/main',
  'out/preload',
  'out/renderer',
  'resources',
  'electron/packaging',
  'electron-builder.yml',
  'package.json',
  'package-lock.json',
  'tests/packaging/fake-dist.ts',
  'tests/packaging/packaged-app.ts',
]
const FLAGS: Readonly<Record<Platform, string>> = { linux: '--linux', win32: '--win', darwin: '--mac' }
const PROGRAMS: Readonly<Record<Platform, string>> = { linux: 'keelson', win32: 'Keelson.exe', darwin: 'Keelson.app' }

/** What the release workflow sets; nothing is signed here. */
const RELEASE_ENV = { KEELSON_UPDATE_URL: 'https://updates.keelson.invalid/', CSC_IDENTITY_AUTO_DISCOVERY: 'false' }

/**
 * The package for a platform and a processor, of what is built in out/ now, by electron-builder from electron-builder.yml with the
 * network cut and an Electron that is not the real one. Made once for each state of what goes into it; several test processes may ask
 * at the same time. Throws when nothing is built (`npm run build`) or electron-builder fails.
 */
export function packagedApp(platform: Platform, arch: Arch): PackagedApp {
  const missing = BUILT.filter(name => !existsSync(path.join(root, name)))
  if (missing.length > 0) throw new Error(`Nothing to package: ${missing.join(', ')} is missing. Run: npm run build`)
  const state = fingerprint()
  const home = path.join(store, `${platform}-${arch}-${state}`)
  if (!existsSync(home)) make(platform, arch, home, state)
  const made = MADE.parse(JSON.parse(readFileSync(path.join(home, 'made.json'), 'utf8')))
  const folder = path.join(home, 'app')
  const resources = path.join(folder, platform === 'darwin' ? 'Keelson.app/Contents/Resources' : 'resources')
  return {
    platform,
    arch,
    folder,
    program: path.join(folder, PROGRAMS[platform]),
    resources,
    asar: path.join(resources, 'app.asar'),
    extracted: path.join(home, 'extracted'),
    made,
  }
}

/** Packages into a folder of its own and moves it into place whole, so that nobody reads half a package. */
function make(platform: Platform, arch: Arch, home: string, state: string): void {
  mkdirSync(store, { recursive: true })
  const work = mkdtempSync(path.join(store, '.making-'))
  try {
    const dist = path.join(work, 'dist')
    mkdirSync(dist)
    layFakeDist(platform, dist)
    const output = path.join(work, 'release')
    const builder = path.join(root, 'node_modules/electron-builder/cli.js')
    const { command, args, env, cut } = offline(process.execPath, [
      builder,
      '--dir',
      FLAGS[platform],
      `--${arch}`,
      '--publish',
      'never',
      '--config',
      'electron-builder.yml',
      `-c.electronDist=${dist}`,
      `-c.directories.output=${output}`,
    ])
    const began = Date.now()
    const { status, signal, error, stdout, stderr } = spawnSync(command, args, {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ...RELEASE_ENV, ...env },
    })
    if (status !== 0)
      throw new Error(`electron-builder could not package for ${platform}-${arch}: ${error?.message ?? signal ?? ''}\n${stdout}\n${stderr}`)
    if (fingerprint() !== state) throw new Error('Something was built again while it was being packaged')
    const seconds = (Date.now() - began) / 1000
    const [unpacked] = readdirSync(output, { withFileTypes: true }).filter(entry => entry.isDirectory() && !entry.name.startsWith('.'))
    if (!unpacked) throw new Error(`electron-builder left no package:\n${stdout}`)
    renameSync(path.join(output, unpacked.name), path.join(work, 'app'))
    const inApp = platform === 'darwin' ? 'app/Keelson.app/Contents/Resources/app.asar' : 'app/resources/app.asar'
    extractAll(path.join(work, inApp), path.join(work, 'extracted'))
    writeFileSync(path.join(work, 'made.json'), JSON.stringify({ seconds, cut }))
    for (const left of [dist, output]) rmSync(left, { recursive: true })
    forgetOlder(platform, arch)
    moveInto(work, home)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Another process may have made the same package meanwhile: then its one stays. */
function moveInto(work: string, home: string): void {
  try {
    renameSync(work, home)
  } catch (cause) {
    if (!existsSync(home)) throw cause
  }
}

/** Only the newest two of a platform and processor are kept: an older run may still be reading the one before. */
function forgetOlder(platform: Platform, arch: Arch): void {
  const older = readdirSync(store)
    .filter(name => name.startsWith(`${platform}-${arch}-`))
    .map(name => path.join(store, name))
    .map(folder => ({ folder, made: Number(existsSync(path.join(folder, 'made.json')) ? readAge(folder) : 0) }))
    .sort((a, b) => b.made - a.made)
  for (const { folder } of older.slice(1)) rmSync(folder, { recursive: true, force: true })
}

function readAge(folder: string): number {
  return statSync(path.join(folder, 'made.json')).mtimeMs
}

/** Of the content of everything that goes into a package. */
function fingerprint(): string {
  const hash = createHash('sha256')
  for (const input of INPUTS.map(name => path.join(root, name))) {
    if (!existsSync(input)) continue
    const files = statSync(input).isDirectory()
      ? readdirSync(input, { recursive: true, encoding: 'utf8' })
          .map(name => path.join(input, name))
          .sort()
      : [input]
    for (const file of files)
      if (!file.endsWith('.map') && statSync(file).isFile()) hash.update(path.relative(root, file)).update(readFileSync(file))
  }
  return hash.digest('hex').slice(0, 12)
}

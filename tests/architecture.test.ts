import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { listFiles, readSources, repoRoot, type SourceFile } from './support/source-tree.ts'

const sources = readSources()
const byPath = new Map(sources.map(file => [file.path, file]))

/** Who may import what. The first row whose folder holds the file decides; `packages` are exact names, node: is listed as 'node'. */
const RULES: readonly { from: string; files: readonly string[]; packages: readonly string[] }[] = [
  { from: 'shared/domain/decimal.ts', files: [], packages: ['big.js'] },
  { from: 'shared/domain/', files: ['shared/domain/'], packages: [] },
  { from: 'shared/', files: ['shared/'], packages: ['zod'] },
  { from: 'electron/core/brokers/pages.ts', files: ['electron/core/brokers/'], packages: [] },
  { from: 'electron/core/brokers/registry.ts', files: ['shared/', 'electron/core/brokers/'], packages: [] },
  {
    from: 'electron/core/brokers/ibkr/flex/',
    files: ['shared/domain/', 'shared/contract/errors.ts', 'shared/contract/broker-words.ts', 'electron/core/net/', 'electron/core/log/log.ts', 'electron/core/ports.ts', 'electron/core/brokers/'],
    packages: ['fast-xml-parser', 'node'],
  },
  {
    from: 'electron/core/brokers/ibkr/tws/',
    files: ['shared/domain/', 'shared/contract/errors.ts', 'shared/contract/broker-words.ts', 'electron/core/net/', 'electron/core/log/log.ts', 'electron/core/ports.ts', 'electron/core/brokers/'],
    packages: ['@stoqey/ib', 'rxjs', 'node'],
  },
  {
    // Which simulated server stands behind a base is said in one place.
    from: 'electron/core/brokers/sandbox-address.ts',
    files: ['shared/domain/', 'shared/contract/errors.ts', 'shared/contract/broker-words.ts', 'electron/core/net/', 'electron/core/oauth/profile.ts', 'electron/core/sandbox/stands.ts', 'electron/core/brokers/'],
    packages: [],
  },
  {
    from: 'electron/core/brokers/',
    files: [
      'shared/domain/', 'shared/contract/errors.ts', 'shared/contract/broker-words.ts', 'electron/core/net/', 'electron/core/log/log.ts', 'electron/core/oauth/profile.ts', 'electron/core/ports.ts',
      'electron/core/brokers/',
    ],
    packages: ['zod', 'node'],
  },
  { from: 'electron/core/db/', files: ['shared/', 'electron/core/db/', 'electron/core/ports.ts'], packages: ['better-sqlite3', 'node'] },
  { from: 'electron/core/store/', files: ['shared/', 'electron/core/db/', 'electron/core/store/', 'electron/core/vault/', 'electron/core/ledger/'], packages: ['node', 'zod'] },
  { from: 'electron/core/oauth/', files: ['shared/', 'electron/core/'], packages: ['node', 'oauth4webapi', 'selfsigned', 'zod'] },
  { from: 'electron/core/net/', files: ['shared/', 'electron/core/'], packages: ['node', 'undici', 'zod'] },
  { from: 'electron/core/sandbox/browser-player.ts', files: ['shared/', 'electron/core/'], packages: ['node', 'undici'] },
  { from: 'electron/core/ports.ts', files: ['shared/'], packages: ['undici'] },
  { from: 'electron/core/imports/', files: ['shared/', 'electron/core/brokers/', 'electron/core/imports/', 'electron/core/ledger/', 'electron/core/net/json.ts'], packages: ['csv-parse', 'fast-xml-parser', 'node', 'zod'] },
  { from: 'electron/core/', files: ['shared/', 'electron/core/'], packages: ['node', 'zod'] },
  { from: 'electron/node/', files: ['shared/', 'electron/core/ports.ts', 'electron/node/'], packages: ['node', 'nodemailer', '@napi-rs/keyring', 'node-cron'] },
  { from: 'electron/shell/preload.ts', files: ['shared/contract/', 'electron/shell/channels.ts'], packages: ['electron'] },
  {
    from: 'electron/shell/updates/',
    files: ['shared/', 'electron/core/ports.ts', 'electron/node/private-file.ts', 'electron/shell/updates/'],
    packages: ['electron', 'electron-updater', 'node', 'zod'],
  },
  {
    from: 'electron/shell/',
    files: ['shared/', 'electron/core/brokers/pages.ts', 'electron/core/create-core.ts', 'electron/core/log/log.ts', 'electron/core/entitlements/licence.ts', 'electron/core/ports.ts', 'electron/node/', 'electron/shell/'],
    packages: ['electron', 'node'],
  },
  {
    from: 'electron/headless/',
    files: ['shared/', 'electron/core/create-core.ts', 'electron/core/forget-app-lock.ts', 'electron/core/entitlements/licence.ts', 'electron/core/ports.ts', 'electron/core/sandbox/', 'electron/node/', 'electron/headless/'],
    packages: ['node', 'commander', 'ws'],
  },
  { from: 'electron/packaging/', files: ['shared/contract/licences.ts', 'electron/packaging/'], packages: ['node', '@electron/fuses', 'playwright', 'vite', 'zod'] },
  { from: 'electron/launch/', files: ['electron/launch/', 'electron/node/'], packages: ['node'] },
  { from: 'renderer/lib/', files: ['shared/', 'renderer/lib/'], packages: ['react'] },
  { from: 'renderer/bridge/', files: ['shared/', 'renderer/bridge/'], packages: ['zod'] },
  // The only ones who know the chart libraries.
  { from: 'renderer/ui/charts/', files: ['shared/', 'renderer/ui/', 'renderer/lib/'], packages: ['react', '@mantine/core', 'lightweight-charts', 'uplot'] },
  { from: 'renderer/ui/', files: ['shared/', 'renderer/ui/', 'renderer/lib/'], packages: ['react', 'react-dom', '@mantine/core', '@mantine/hooks', '@tanstack/react-virtual'] },
  { from: 'renderer/state/', files: ['shared/', 'renderer/state/', 'renderer/bridge/', 'renderer/lib/'], packages: ['react', 'zustand', '@mantine/notifications'] },
  {
    // The shell composes the features into one window.
    from: 'renderer/features/shell/',
    files: ['shared/', 'renderer/state/', 'renderer/ui/', 'renderer/lib/', 'renderer/features/'],
    packages: ['react', '@mantine/core', '@mantine/hooks', '@mantine/notifications'],
  },
  {
    from: 'renderer/features/',
    files: ['shared/', 'renderer/state/', 'renderer/ui/', 'renderer/lib/'],
    packages: ['react', '@mantine/core', '@mantine/hooks', '@mantine/notifications', '@tanstack/react-virtual'],
  },
  { from: 'renderer/', files: ['shared/', 'renderer/'], packages: ['react', 'react-dom', 'zod', '@mantine/core', '@mantine/notifications', '@fontsource-variable/inter'] },
]

function ruleFor(file: string): (typeof RULES)[number] {
  const rule = RULES.find(row => file.startsWith(row.from))
  if (!rule) throw new Error(`no import rule covers ${file}`)
  return rule
}

function packageName(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node'
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier)
}

function importProblems(file: SourceFile): string[] {
  const rule = ruleFor(file.path)
  const isOurs = (target: string): boolean => /^(electron|renderer|shared|resources|package)/.test(target) && !target.startsWith('electron/core/../')
  return file.imports.flatMap(({ target }) => {
    const ours = target.includes('/') && isOurs(target) && (byPath.has(target) || /\.(css|svg|json)$/.test(target))
    if (ours) {
      if (/\.(css|svg)$/.test(target) || target.endsWith('.module.css')) return []
      const own = path.posix.dirname(target) === path.posix.dirname(file.path)
      return own || rule.files.some(allowed => target.startsWith(allowed)) ? [] : [`${file.path} imports ${target}`]
    }
    return rule.packages.includes(packageName(target)) ? [] : [`${file.path} imports ${target}`]
  })
}

describe('the house', () => {
  test('has only the agreed top level', () => {
    const allowed = new Set([
      'electron', 'renderer', 'shared', 'resources', 'tests', 'docs', 'electron-builder.yml', 'package.json', 'package-lock.json', 'tsconfig.json',
      'README.md', 'LICENSE', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'node_modules', 'out', 'release', 'coverage', 'test-results',
    ])
    const strangers = readdirSync(repoRoot).filter(name => !allowed.has(name) && !name.startsWith('.') && !/\.config\.[cm]?[jt]s$/.test(name))
    expect(strangers).toEqual([])
  })

  test('lets each folder import only what its row allows', () => {
    expect(sources.flatMap(importProblems)).toEqual([])
  })

  test('keeps features apart: none imports another', () => {
    const area = (file: string): string | undefined => /^renderer\/features\/([^/]+)\//.exec(file)?.[1]
    const crossings = sources.flatMap(file =>
      file.imports.filter(({ target }) => area(file.path) !== undefined && area(target) !== undefined && area(target) !== area(file.path) && area(file.path) !== 'shell')
        .map(({ target }) => `${file.path} imports ${target}`))
    expect(crossings).toEqual([])
  })

  test('keeps brokers apart: none imports another', () => {
    const broker = (file: string): string | undefined => /^electron\/core\/brokers\/([^/]+)\//.exec(file)?.[1]
    const crossings = sources.flatMap(file =>
      file.imports.filter(({ target }) => broker(file.path) !== undefined && broker(target) !== undefined && broker(target) !== broker(file.path))
        .map(({ target }) => `${file.path} imports ${target}`))
    expect(crossings).toEqual([])
  })

  test('has no import cycles', () => {
    expect(findCycles()).toEqual([])
  })

  test('keeps files at 400 lines at most and small by habit', () => {
    expect(sources.filter(file => file.lines > 400).map(file => `${file.path}: ${file.lines}`)).toEqual([])
    const sorted = sources.map(file => file.lines).sort((a, b) => a - b)
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(100)
  })

  test('keeps functions at 50 lines of their own at most', () => {
    // A migration is one statement of SQL; its length says nothing about its logic.
    const long = sources.filter(file => !file.path.includes('/migrations/')).flatMap(file => file.functions.filter(fn => fn.lines > 50).map(fn => `${file.path}:${fn.line} ${fn.name}: ${fn.lines}`))
    expect(long).toEqual([])
  })

  test('has no junk drawers and no loose ends', () => {
    const drawers = sources.filter(file => /(?:^|\/)(?:utils?|helpers?|common|misc|manager)\b[^/]*$/i.test(file.path)).map(file => file.path)
    expect(drawers).toEqual([])
    const words = new RegExp(['TO', 'DO|FIX', 'ME|X', 'XX|@ts-(?:ignore|expect-error|nocheck)'].join(''))
    const loose = [...sources.map(file => file.path), ...listFiles('tests')].filter(file => words.test(readFileSync(path.join(repoRoot, file), 'utf8')))
    expect(loose).toEqual([])
  })
})

describe('the one-minute rules', () => {
  test('turn unknown into a type only at the edges: no casts elsewhere', () => {
    const edges = /(?:\/wire\.ts|\/bus\/router\.ts|^shared\/|^electron\/core\/(?:store|db)\/|\/rows?\.ts)/
    const casts = sources.filter(file => !edges.test(file.path))
      .flatMap(file => file.casts.filter(cast => cast.type !== 'const').map(cast => `${file.path}:${cast.line} as ${cast.type}`))
    expect(casts).toEqual([])
  })

  test('say SQL only in db and store', () => {
    const statement = /\b(?:SELECT\s+[\w*(]|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|PRAGMA\s+\w)/
    const speakers = sources.filter(file => !/^electron\/core\/(?:db|store)\//.test(file.path) && statement.test(file.text)).map(file => file.path)
    expect(speakers).toEqual([])
  })

  test('take time and randomness from the ports', () => {
    const own = /\b(?:Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|randomUUID\(|randomBytes\(|setTimeout\(|setInterval\()/
    const allowed = /^(?:electron\/(?:node|headless|shell|launch|core\/sandbox)\/|renderer\/)/
    expect(sources.filter(file => !allowed.test(file.path) && own.test(file.text)).map(file => file.path)).toEqual([])
  })

  test('build parts from closures: `this` belongs to the few classes alone', () => {
    // With closures a method may be passed on by itself, so no rule about binding is needed.
    const speakers = sources.filter(file => /\bthis\.[#a-z]/.test(file.text) && !/^(?:export )?class \w+/m.test(file.text)).map(file => file.path)
    expect(speakers).toEqual([])
    expect(sources.filter(file => /^(?:export )?class \w+/m.test(file.text)).length).toBeLessThan(10)
  })

  test('leave orders to core/orders: nobody else calls what moves money', () => {
    const call = /\b(?:placeOrder|replaceOrder|cancelOrder|previewOrder)\(/
    const callers = sources.filter(file => !/^electron\/core\/(?:brokers|orders|sandbox)\//.test(file.path) && call.test(file.text)).map(file => file.path)
    expect(callers).toEqual([])
  })

  test('let one function send an order and one take it back', () => {
    // Brokers and their simulators are what is called.
    const isCalled = (path: string): boolean => path.startsWith('electron/core/brokers/') || path.startsWith('electron/core/sandbox/')
    const callersOf = (call: RegExp): string[] => sources.filter(file => !isCalled(file.path) && call.test(file.text)).map(file => file.path)
    expect(callersOf(/\b(?:placeOrder|replaceOrder)\(/)).toEqual(['electron/core/orders/submit.ts'])
    expect(callersOf(/\bcancelOrder\(/)).toEqual(['electron/core/orders/cancel.ts'])
  })

  test('keep simulators and adapters apart: two halves sharing one mistake prove nothing', () => {
    const crossings = sources.filter(file => /^electron\/core\/(?:sandbox|brokers)\//.test(file.path)).flatMap(file => {
      const other = file.path.startsWith('electron/core/sandbox/') ? 'electron/core/brokers/' : 'electron/core/sandbox/'
      // The names of the simulated servers are all they have in common.
      return file.imports.filter(({ target }) => target.startsWith(other) && target !== 'electron/core/sandbox/stands.ts').map(({ target }) => `${file.path} imports ${target}`)
    })
    expect(crossings).toEqual([])
  })

  test('wait in tests as long as it takes: the second that vitest waits says nothing on a busy machine', () => {
    const hasty = listFiles('tests').filter(file => /\bvi\.wait(?:For|Until)\(/.test(readFileSync(path.join(repoRoot, file), 'utf8')))
    expect(hasty).toEqual(['tests/support/eventually.ts'])
  })

  test('never switch off certificate checks', () => {
    expect(sources.filter(file => /rejectUnauthorized\s*:\s*false|NODE_TLS_REJECT_UNAUTHORIZED/.test(file.text)).map(file => file.path)).toEqual([])
  })
})

describe('the supply chain', () => {
  const manifest: unknown = JSON.parse(readFileSync(path.join(repoRoot, 'package.json'), 'utf8'))

  test('pins every package exactly', () => {
    const groups = ['dependencies', 'devDependencies', 'optionalDependencies'].map(name => entriesAt(manifest, name))
    const loose = groups.flat().filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)))
    expect(loose).toEqual([])
  })

  test('hashes every package in the lockfile', () => {
    const lock: unknown = JSON.parse(readFileSync(path.join(repoRoot, 'package-lock.json'), 'utf8'))
    const packages = entriesAt(lock, 'packages').filter(([name]) => name.startsWith('node_modules/'))
    expect(packages.length).toBeGreaterThan(100)
    expect(packages.filter(([, entry]) => typeof Reflect.get(Object(entry), 'integrity') !== 'string').map(([name]) => name)).toEqual([])
  })
})

function entriesAt(value: unknown, name: string): [string, unknown][] {
  const found: unknown = Reflect.get(Object(value), name)
  return typeof found === 'object' && found !== null ? Object.entries(found) : []
}

function findCycles(): string[] {
  const done = new Set<string>()
  const path: string[] = []
  const cycles: string[] = []
  const visit = (file: string): void => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
      return
    }
    if (done.has(file)) return
    path.push(file)
    for (const { target, typeOnly } of byPath.get(file)?.imports ?? []) if (!typeOnly && byPath.has(target)) visit(target)
    path.pop()
    done.add(file)
  }
  for (const file of byPath.keys()) visit(file)
  return cycles
}

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const root = path.resolve(import.meta.dirname, '../..')
const folder = path.join(root, '.github/workflows')

const PermissionsSchema = z.record(z.string(), z.enum(['read', 'write', 'none']))
const EnvSchema = z.record(z.string(), z.string()).default({})
const StepSchema = z.object({
  name: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  shell: z.string().optional(),
  env: EnvSchema,
  with: z.record(z.string(), z.unknown()).default({}),
})
const JobSchema = z.object({
  needs: z.union([z.string().transform(name => [name]), z.array(z.string())]).default([]),
  uses: z.string().optional(),
  environment: z.string().optional(),
  'timeout-minutes': z.number().optional(),
  'runs-on': z.string().optional(),
  permissions: PermissionsSchema.default({}),
  env: EnvSchema,
  steps: z.array(StepSchema).default([]),
})
const WorkflowSchema = z.object({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: PermissionsSchema,
  jobs: z.record(z.string(), JobSchema),
})
const ScriptsSchema = z.object({ scripts: z.record(z.string(), z.string()) })

const texts = Object.fromEntries(readdirSync(folder).map(name => [name, readFileSync(path.join(folder, name), 'utf8')]))
const workflows = Object.entries(texts).map(([file, text]) => ({ file, text, ...WorkflowSchema.parse(parse(text)) }))
const jobs = workflows.flatMap(({ file, jobs: own }) => Object.entries(own).map(([name, job]) => ({ file, name, ...job })))
const steps = jobs.flatMap(job => job.steps.map(step => ({ job, step })))
const { scripts } = ScriptsSchema.parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')))
const release = workflows.find(({ file }) => file === 'release.yml')?.jobs ?? {}

describe('the workflows', () => {
  test('are the four there are', () => {
    expect(workflows.map(({ file }) => file).sort()).toEqual(['nightly.yml', 'release.yml', 'rollout.yml', 'test.yml'])
  })

  test('may read the sources and nothing else, but for the jobs that write a release', () => {
    expect(workflows.map(({ permissions }) => permissions)).toEqual(workflows.map(() => ({ contents: 'read' })))
    const writing = jobs.filter(({ permissions }) => Object.values(permissions).includes('write'))
    expect(Object.fromEntries(writing.map(({ file, name, permissions }) => [`${file} ${name}`, permissions]))).toEqual({
      'release.yml draft': { contents: 'write', 'id-token': 'write', attestations: 'write' },
      'release.yml publish': { contents: 'write' },
      'rollout.yml sign': { contents: 'write' },
    })
  })

  test('use only actions that cannot change under their name, each with its version beside it', () => {
    const used = steps.flatMap(({ step }) => step.uses ?? [])
    expect(used.filter(name => !/^actions\/[\w-]+@[0-9a-f]{40}$/.test(name))).toEqual([])
    for (const text of Object.values(texts))
      expect([...text.matchAll(/uses: actions\/.*$/gm)].filter(([line]) => !/ # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
  })

  test('leave no password in the sources they check out', () => {
    const checkouts = steps.filter(({ step }) => step.uses?.startsWith('actions/checkout@'))
    expect(checkouts.filter(({ step }) => step.with['persist-credentials'] !== false)).toEqual([])
  })

  test('hand secrets only to the step that needs them, by its environment, in jobs their reviewers let run', () => {
    const secret = /\$\{\{\s*secrets\./
    expect(jobs.filter(({ env }) => Object.values(env).some(value => secret.test(value)))).toEqual([])
    const holders = steps.filter(({ step }) => Object.values(step.env).some(value => secret.test(value)))
    expect(holders.map(({ job }) => job.environment)).toEqual(holders.map(() => 'signing'))
    expect(steps.filter(({ step }) => Object.values(step.with).some(value => typeof value === 'string' && secret.test(value)))).toEqual([])
  })

  test('put nothing from outside into a command', () => {
    expect(
      steps
        .flatMap(({ step }) => [...(step.run ?? '').matchAll(/\$\{\{(.*?)\}\}/g)].map(([, what]) => what?.trim()))
        .filter(what => what !== 'matrix.system'),
    ).toEqual([])
  })

  test('end by themselves', () => {
    expect(jobs.filter(job => job.uses === undefined && job['timeout-minutes'] === undefined).map(({ name }) => name)).toEqual([])
  })

  test('run scripts there are', () => {
    const runs = steps.map(({ step }) => step.run ?? '').join('\n')
    const named = [...runs.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? '')
    expect(named.filter(name => scripts[name] === undefined)).toEqual([])
    const files = [
      ...runs.matchAll(/node (\.github\/scripts\/[\w-]+\.mjs|electron\/packaging\/[\w-]+\.ts|node_modules\/electron\/install\.js)/g),
    ].map(([, name]) => name ?? '')
    expect(files.length).toBeGreaterThan(4)
    expect(files.filter(name => !existsSync(path.join(root, name)))).toEqual([])
    expect(
      [...new Set(Object.values(texts).flatMap(text => [...text.matchAll(/uses: \.\/(\S+)/g)].map(([, name]) => name ?? '')))].filter(
        name => !existsSync(path.join(root, name)),
      ),
    ).toEqual([])
  })

  test('ask for nothing the guide to releasing does not explain', () => {
    const guide = readFileSync(path.join(root, 'docs/releasing.md'), 'utf8')
    const asked = Object.values(texts).flatMap(text => [...text.matchAll(/\b(?:secrets|vars)\.(\w+)/g)].map(([, name]) => name ?? ''))
    const places = jobs.flatMap(({ environment }) => environment ?? [])
    expect([...new Set([...asked, ...places])].filter(name => !guide.includes(`\`${name}\``))).toEqual([])
  })
})

describe('a rollout', () => {
  test('signs nothing but what a release of ours signed before: sums that lie beside the files prove nothing', () => {
    const own = workflows.find(({ file }) => file === 'rollout.yml')?.jobs['sign']?.steps ?? []
    const signing = own.filter(({ run = '' }) => run.includes('sign-update.mjs'))
    expect(signing).toHaveLength(1)
    expect(signing[0]?.run).toContain('sign-update.mjs files --again ')
    expect(release['draft']?.steps.some(({ run = '' }) => run.includes('--again'))).toBe(false)
  })
})

describe('jobs that sign or write', () => {
  const trusted = jobs.filter(({ environment, permissions }) => environment !== undefined || Object.values(permissions).includes('write'))

  test('run no program of a dependency while it is installed, and take none from a store others fill', () => {
    expect(trusted.map(({ file, name }) => `${file} ${name}`)).toEqual([
      'release.yml package',
      'release.yml draft',
      'release.yml publish',
      'rollout.yml sign',
    ])
    const installs = trusted.flatMap(({ steps: own }) => own.flatMap(({ run }) => (run?.startsWith('npm ci') === true ? [run] : [])))
    expect(installs).toEqual(['npm ci --ignore-scripts', 'npm ci --ignore-scripts', 'npm ci --ignore-scripts'])
    const nodes = trusted.flatMap(({ steps: own }) => own.filter(({ uses }) => uses?.startsWith('actions/setup-node@')))
    expect(nodes.map(({ with: given }) => [given['cache'], given['package-manager-cache']])).toEqual(nodes.map(() => [undefined, false]))
  })

  test('take files from the jobs that packaged them, by name: no other job can add one', () => {
    const taken = trusted.flatMap(({ steps: own }) => own.filter(({ uses }) => uses?.startsWith('actions/download-artifact@')))
    expect(taken.filter(({ with: given }) => given['pattern'] !== undefined || given['name'] === undefined)).toEqual([])
    expect(taken.map(({ with: given }) => given['name']).filter(name => String(name).startsWith('files-'))).toEqual([
      'files-mac',
      'files-win',
      'files-linux',
    ])
  })
})

describe('steps on Windows', () => {
  test('hand options on by a shell that leaves them whole: PowerShell takes -- away and parts words at a dot', () => {
    const commands = jobs
      .filter(job => (texts[job.file] ?? '').includes('windows-2025') && job.name !== 'draft')
      .flatMap(({ steps: own }) => own)
      .filter(({ run = '' }) => /^npm run \w+ -- .*--win/m.test(run))
    expect(commands).toHaveLength(1)
    expect(commands.map(({ shell }) => shell)).toEqual(['bash'])
  })
})

describe('a release', () => {
  test('goes step by step: nothing is packaged untested, drafted untried or shown unsigned', () => {
    expect(Object.fromEntries(Object.entries(release).map(([name, { needs }]) => [name, needs]))).toEqual({
      version: [],
      test: ['version'],
      package: ['test'],
      try: ['package'],
      draft: ['try'],
      publish: ['draft'],
    })
    expect(release['test']?.uses).toBe('./.github/workflows/test.yml')
    expect(workflows.find(({ file }) => file === 'release.yml')?.on).toEqual({ push: { tags: ['v*'] } })
  })

  test('is tried in a real Electron that has to be there, on three systems, by jobs that hold no secret', () => {
    const { env, environment, steps: own = [] } = release['try'] ?? {}
    expect([env?.['KEELSON_REQUIRE_ELECTRON'], environment]).toEqual(['1', undefined])
    expect(own.some(({ run }) => run === 'npm run desktop')).toBe(true)
    expect(
      texts['release.yml']
        ?.split('\n  try:\n')[1]
        ?.split('\n  draft:\n')[0]
        ?.match(/os: (\S+),/g),
    ).toHaveLength(3)
  })

  test('is shown to everybody by its last job alone', () => {
    const showing = Object.entries(release)
      .filter(([, { steps: own }]) => own.some(({ run = '' }) => run.includes('--draft=false')))
      .map(([name]) => name)
    expect(showing).toEqual(['publish'])
    expect(release['draft']?.steps.some(({ run = '' }) => /gh release create .*--draft /.test(run))).toBe(true)
    expect(release['publish']?.environment).toBe('publishing')
  })

  test('is never packaged unsigned for macOS and Windows', () => {
    const commands =
      release['package']?.steps.flatMap(({ run = '' }) => run.split('\n').filter(line => line.includes('npm run package'))) ?? []
    expect(commands).toHaveLength(3)
    for (const flag of ['--mac', '--win']) expect(commands.find(line => line.includes(flag))).toContain('-c.forceCodeSigning=true')
  })

  test('is complete before it is signed, and shown only as it was drafted', () => {
    const runs = (job: string): string[] => release[job]?.steps.flatMap(({ run }) => run ?? []) ?? []
    const at = (job: string, part: string): number => runs(job).findIndex(run => run.includes(part))
    expect(at('draft', 'check-files.mjs files')).toBeGreaterThan(-1)
    expect(at('draft', 'check-files.mjs files')).toBeLessThan(at('draft', 'sign-update.mjs'))
    expect(at('publish', 'gh release download')).toBeGreaterThan(-1)
    expect(at('publish', '"$DRAFTED"')).toBeGreaterThan(-1)
    expect(at('publish', '"$DRAFTED"')).toBeLessThan(at('publish', '--draft=false'))
    expect(release['publish']?.steps.find(({ run = '' }) => run.includes('"$DRAFTED"'))?.env['DRAFTED']).toBe(
      '${{ needs.draft.outputs.sum }}',
    )
  })

  test('is looked at before it is tried: signed for Windows by its publisher and with a time, inside the installer too, and notarised for macOS', () => {
    const looks = release['package']?.steps.filter(({ name = '' }) => name.includes('accepts the signature')) ?? []
    const [mac = '', windows = ''] = looks.map(({ run }) => run)
    for (const part of [
      'codesign --verify --deep --strict',
      'spctl --assess',
      'xcrun stapler validate',
      'release/mac/',
      'release/mac-arm64/',
    ])
      expect(mac).toContain(part)
    for (const part of [
      "-ne 'Valid'",
      'TimeStamperCertificate',
      'win-unpacked/Keelson.exe',
      'win-arm64-unpacked/Keelson.exe',
      'app-update.yml',
    ])
      expect(windows).toContain(part)
  })
})

describe('the notes of a release', () => {
  const work = mkdtempSync(path.join(tmpdir(), 'keelson-notes-'))
  afterEach(() => rmSync(path.join(work, 'notes.md'), { force: true }))

  function notesFrom(changelog: string): { status: number | null; stderr: string; notes: string | null } {
    const [from, to] = [path.join(work, 'CHANGELOG.md'), path.join(work, 'notes.md')]
    writeFileSync(from, changelog)
    const { status, stderr } = spawnSync(process.execPath, ['.github/scripts/release-notes.mjs', to], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, KEELSON_CHANGELOG: from },
    })
    return { status, stderr, notes: existsSync(to) ? readFileSync(to, 'utf8') : null }
  }

  test('are what the changelog says of this version', () => {
    expect(notesFrom('# Changelog\n\n## 0.1.0 (2026-12-01)\n\n- New.\n\n## 0.0.9\n\n- Old.\n')).toMatchObject({
      status: 0,
      notes: '- New.\n',
    })
  })

  test('are refused when it says nothing, or that the version is not out', () => {
    expect(notesFrom('# Changelog\n\n## 0.0.9\n\n- Old.\n')).toMatchObject({ status: 1, notes: null })
    expect(notesFrom('# Changelog\n\n## 0.1.0 (unreleased)\n\n- New.\n').stderr).toContain('unreleased')
  })
})

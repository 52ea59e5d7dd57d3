import { cpSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type Core, createCore } from '../../../electron/core/create-core.ts'
import { openConnection } from '../../../electron/core/db/open.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import { listDataKeys } from '../../../electron/core/store/data-keys.ts'
import { listSecrets } from '../../../electron/core/store/secrets.ts'
import { chooseSecretBox } from '../../../electron/node/choose-box.ts'
import { ERRORS, type ErrorCode } from '../../../shared/contract/errors.ts'
import { fakePorts, type FakePorts, tempFolder } from '../../support/fake-ports.ts'
import { type Call, callerOf } from '../../support/test-core.ts'
import { type Machine, STORES } from './support/key-stores.ts'

const CANARY = 'CANARY-5d0c1f77'

/** What a scenario may change: the machine, the data folder while nobody has it open, or who opens it. */
interface Scene {
  machine: Machine
  dataDir: string
  app: string
}

interface Scenario {
  readonly code: ErrorCode
  /** Makes it happen between two runs; the answer puts things right again. */
  readonly happens: (scene: Scene) => () => void
  /** How the vault opens once things are right: by itself, when somebody asks again, or where the folder belongs. */
  readonly opens: 'by itself' | 'when asked' | 'after a restart'
  /** The stores this cannot happen to. */
  readonly notFor?: readonly string[]
}

const fails = (machine: Machine, words: string): (() => void) => {
  machine.mood.fails = () => Promise.reject(new Error(words))
  return () => (machine.mood.fails = null)
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'the keyring is locked': {
    code: 'vault/store-locked',
    opens: 'when asked',
    happens: ({ machine }) => fails(machine, machine.words.locked),
  },
  'the keyring was reset and has another key': {
    code: 'vault/key-changed',
    opens: 'after a restart',
    happens: ({ machine }) => (machine.reset(), () => undefined),
  },
  'there is no keyring any more': {
    code: 'vault/store-missing',
    opens: 'when asked',
    happens: ({ machine }) => {
      machine.mood.gone = true
      return () => (machine.mood.gone = false)
    },
  },
  'the question of the system is declined': {
    code: 'vault/store-denied',
    opens: 'when asked',
    happens: ({ machine }) => fails(machine, machine.words.denied),
  },
  'the keyring hangs for a minute': {
    code: 'vault/store-slow',
    opens: 'by itself',
    happens: ({ machine }) => {
      const { promise, resolve } = Promise.withResolvers<never>()
      machine.mood.fails = () => promise
      return () => {
        machine.mood.fails = null
        resolve(undefined as never)
      }
    },
  },
  'the keyring is temporarily unavailable five times': {
    code: 'vault/store-busy',
    opens: 'by itself',
    happens: ({ machine }) => {
      let left = 5
      machine.mood.fails = () => {
        left -= 1
        if (left < 0) machine.mood.fails = null
        return left < 0 ? (Promise.resolve() as Promise<never>) : Promise.reject(new Error('Encryption is temporarily unavailable. Please try again.'))
      }
      return () => undefined
    },
  },
  'only basic text is left of the desktop': {
    code: 'vault/store-weak',
    opens: 'when asked',
    notFor: ['macOS Keychain', 'Windows DPAPI', 'Secret Service without a desktop app'],
    happens: ({ machine: { mood } }) => {
      const { selected, prefix } = mood
      Object.assign(mood, { selected: 'basic_text', prefix: 'v10' })
      return () => Object.assign(mood, { selected, prefix })
    },
  },
  'the folder was copied to another user': {
    code: 'vault/other-home',
    opens: 'after a restart',
    happens: scene => {
      const copy = `${scene.dataDir}-copy`
      cpSync(scene.dataDir, copy, { recursive: true })
      scene.dataDir = copy
      scene.machine.reset()
      return () => undefined
    },
  },
  'the key fits another folder': {
    code: 'vault/wrong-key',
    opens: 'when asked',
    happens: scene => rewrite(scene, ({ checkValue, ...rest }) => ({ ...rest, checkValue: checkValue.map(byte => byte ^ 1) })),
  },
  'the wrapped key is cut off': {
    code: 'vault/key-damaged',
    opens: 'when asked',
    happens: scene => rewrite(scene, ({ wrapped, ...rest }) => ({ ...rest, wrapped: wrapped.subarray(0, wrapped.length - 5) })),
  },
  'the wrapped key is empty': {
    code: 'vault/key-damaged',
    opens: 'when asked',
    happens: scene => rewrite(scene, rest => ({ ...rest, wrapped: new Uint8Array() })),
  },
  'the keyring answers nothing, successfully': {
    code: 'vault/empty-answer',
    opens: 'when asked',
    happens: ({ machine }) => {
      machine.mood.answersEmpty = true
      return () => (machine.mood.answersEmpty = false)
    },
  },
  'the app was renamed': {
    code: 'vault/app-renamed',
    opens: 'after a restart',
    happens: scene => {
      scene.app = 'Keelson Next'
      return () => (scene.app = 'Keelson')
    },
  },
  'the desktop changed to another keyring': {
    code: 'vault/backend-changed',
    opens: 'when asked',
    notFor: ['macOS Keychain', 'Windows DPAPI', 'Secret Service without a desktop app'],
    happens: ({ machine: { mood } }) => {
      const { selected, prefix } = mood
      Object.assign(mood, selected === 'kwallet6' ? { selected: 'gnome_libsecret' } : { selected: 'kwallet6', prefix: 'v11' })
      return () => Object.assign(mood, { selected, prefix })
    },
  },
}

interface Wrapping {
  readonly wrapped: Uint8Array
  readonly checkValue: Uint8Array
}

/** Changes the stored wrapping of the key as damage would; the answer puts it back. */
function rewrite({ dataDir }: Scene, change: (row: Wrapping) => Wrapping): () => void {
  const write = ({ wrapped, checkValue }: Wrapping): void => {
    const db = openConnection(path.join(dataDir, 'keelson.db'))
    db.writer.run(sql`UPDATE data_keys SET wrapped = ${wrapped}, check_value = ${checkValue}`)
    db.close()
  }
  const [before] = stored(dataDir).keys
  if (!before?.wrapped) throw new Error('no key to damage')
  const was = { wrapped: before.wrapped, checkValue: before.checkValue }
  write(change(was))
  return () => write(was)
}

function stored(dataDir: string) {
  const db = openConnection(path.join(dataDir, 'keelson.db'), { readonly: true })
  const found = { keys: listDataKeys(db.reader), secrets: listSecrets(db.reader) }
  db.close()
  return found
}

interface Run {
  readonly core: Core
  readonly ports: FakePorts
  readonly call: Call
}

/** Starts a core on the scene; a store that hangs must not keep it from starting. */
async function start({ machine, dataDir, app }: Scene): Promise<Run> {
  const secretBox = await chooseSecretBox({ dataDir, random: fakePorts(dataDir).random, ...machine.deps(app) })
  const ports = fakePorts(dataDir, { secretBox })
  const starting = createCore(ports, { background: false })
  const core = await untilDone(starting, () => ports.clock.jump(1_000))
  return { core, ports, call: callerOf((request, signal) => core.dispatch(request, { signal })) }
}

/** Lets time pass until something is over. */
async function untilDone<T>(running: Promise<T>, pass: () => void): Promise<T> {
  let isOver = false
  const over = (): void => void (isOver = true)
  running.then(over, over)
  for (let step = 0; step < 10_000 && !isOver; step += 1) {
    await new Promise(resolve => setImmediate(resolve))
    if (step % 50 === 49) pass()
  }
  return running
}

const clientId = async ({ call }: Run): Promise<string | null> => (await call('brokers.list', {})).find(({ id }) => id === 'alpaca')?.app.clientId ?? null
const vaultOf = ({ call }: Run) => call('vault.status', {})

async function untilOpen(run: Run): Promise<void> {
  for (let step = 0; step < 500 && (await vaultOf(run)).state === 'locked'; step += 1) run.ports.clock.jump(1_000)
}

/** One scenario on one store: how it looks while it lasts, and after it was put right. */
async function play(scenario: Scenario, machine: Machine) {
  using folder = tempFolder()
  const home: Scene = { machine, dataDir: path.join(folder.path, 'data'), app: 'Keelson' }
  const first = await start(home)
  await first.call('brokers.setApp', { broker: 'alpaca', clientId: CANARY, clientSecret: `${CANARY}-secret` })
  await first.core.close()

  const scene = { ...home }
  const mend = scenario.happens(scene)
  const before = stored(scene.dataDir)
  const run = await start(scene)
  const { state, trouble, nextTry } = await vaultOf(run)
  const { notice } = (await run.call('app.status', {})).vault
  const history = { count: (await run.call('activities.count', {})).count, connections: await run.call('connections.list', {}) }
  const during = {
    state, code: trouble?.code, isSaid: notice !== null && notice === trouble?.message && trouble.action !== '', asksAgain: nextTry !== null,
    history, isUntouched: isDeepStrictEqual(stored(scene.dataDir), before), readable: readable(folder.path),
  }

  mend()
  if (scenario.opens === 'by itself') await untilOpen(run)
  else await run.call('vault.unlock', {})
  const after = {
    state: (await vaultOf(run)).state, clientId: await clientId(run),
    isKept: isDeepStrictEqual(stored(scene.dataDir).secrets, before.secrets), readable: readable(folder.path),
  }
  await run.core.close()
  return { during, after }
}

/** Files of a folder that show the planted secret. */
function readable(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return files.filter(({ parentPath, name }) => readFileSync(path.join(parentPath, name)).includes(`${CANARY}-secret`)).map(({ name }) => name)
}

describe.each(Object.entries(STORES))('%s', (store, machine) => {
  const cells = Object.entries(SCENARIOS).filter(([, { notFor }]) => !notFor?.includes(store))
  test.each(cells.map(([name, scenario]) => [name, scenario.code, scenario] as const))('%s: %s', async (_, code, scenario) => {
    const asksAgain = code === 'vault/store-busy'
    const opens = scenario.opens !== 'after a restart'
    expect(await play(scenario, machine())).toEqual({
      during: { state: 'locked', code, isSaid: true, asksAgain, history: { count: 0, connections: [] }, isUntouched: true, readable: [] },
      after: { state: opens ? 'open' : 'locked', clientId: opens ? CANARY : null, isKept: true, readable: [] },
    })
  })
})

test('every scenario has its own sentence and its own way out', () => {
  const codes = [...new Set(Object.values(SCENARIOS).map(({ code }) => code))]
  // The wrapped key being cut or empty is one kind of damage.
  expect(codes).toHaveLength(Object.keys(SCENARIOS).length - 1)
  expect(new Set(codes.map(code => ERRORS[code].message)).size).toBe(codes.length)
  for (const code of codes) expect(ERRORS[code].action).not.toBe('')
})

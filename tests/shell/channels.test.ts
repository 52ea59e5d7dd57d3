import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createRouter, type Handlers } from '../../electron/core/bus/router.ts'
import { createLog } from '../../electron/core/log/log.ts'
import { CHANNELS } from '../../electron/shell/channels.ts'
import { isOwnAddress, START_PAGE } from '../../electron/shell/origin.ts'
import { createTransport, type Ipc, type Sender, type ShellCore } from '../../electron/shell/transport.ts'
import { isRouteName, routes } from '../../shared/contract/routes.ts'
import { jumpingClock } from '../support/fake-ports.ts'

const SECRET_PLACE = '/home/somebody/.config/keelson/keelson.db'

/** Every handler fails the way code fails by surprise: with a path and a stack. */
const failing = new Proxy(
  {},
  {
    get: () => () => {
      throw new Error(`ENOENT: no such file, open '${SECRET_PLACE}'\n    at open (main.ts:1:1)`)
    },
  },
)

/** The transport over Electron's channels without Electron: every channel it listens on can be reached by any sender. */
function house(core?: Promise<ShellCore>) {
  const answers = new Map<string, (event: Sender, ...args: unknown[]) => unknown>()
  const ipc: Ipc = { handle: (name, run) => void answers.set(name, run), on: (name, run) => void answers.set(name, run) }
  const clock = jumpingClock()
  const router = createRouter({ handlers: failing as Handlers, clock, log: createLog(() => undefined, clock) })
  const heard: unknown[] = []
  const dispatch: typeof router.dispatch = (request, context) => {
    heard.push(request)
    return router.dispatch(request, context)
  }
  const opened = core ?? Promise.resolve({ dispatch, subscribe: () => () => undefined })
  const transport = createTransport({
    ipc,
    core: opened,
    isQuery: route => isRouteName(route) && routes[route].kind === 'query',
    isOwnAddress,
  })
  const window = { id: 1, isDestroyed: () => false, send: () => undefined, once: () => undefined }
  transport.admit(window)
  return { answers, heard }
}

const own: Sender = { sender: { id: 1 }, senderFrame: { url: START_PAGE, parent: null } }
const HOSTILE: readonly (readonly [string, Sender])[] = [
  ['a frame inside the page', { sender: { id: 1 }, senderFrame: { url: START_PAGE, parent: {} } }],
  ['a frame of another origin', { sender: { id: 1 }, senderFrame: { url: 'https://evil.example/', parent: {} } }],
  ['the developer tools', { sender: { id: 99 }, senderFrame: { url: 'devtools://devtools/bundled/inspector.html', parent: null } }],
  ['a frame that is gone', { sender: { id: 1 }, senderFrame: null }],
  ['another page in the window', { sender: { id: 1 }, senderFrame: { url: 'app://keelson.evil/index.html', parent: null } }],
  ['a window that was never let in', { sender: { id: 2 }, senderFrame: { url: START_PAGE, parent: null } }],
]
const LEAK = /\bat .+:\d+:\d+|\/home\/|[A-Z]:\\|node_modules|\.ts\b|\.js\b|ENOENT|[A-Z]\w+Error/

/** The area of an envelope's error, such as `app/`; undefined for anything else. */
function codeOf(said: unknown): string | undefined {
  const envelope: unknown = JSON.parse(String(said))
  const code: unknown = Reflect.get(Object(Reflect.get(Object(envelope), 'error')), 'code')
  return typeof code === 'string' ? code.replace(/[^/]*$/, '') : undefined
}

const routeName = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...Object.keys(routes)) },
  fc.string(),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'app.status\u0000'),
)
const request = fc.record(
  { id: fc.oneof(fc.uuid(), fc.string(), fc.integer()), route: routeName, input: fc.oneof(fc.jsonValue(), fc.constant({})) },
  { requiredKeys: [] },
)
const text = fc.oneof(
  { weight: 6, arbitrary: request.map(value => JSON.stringify(value)) },
  fc.json(),
  fc.string({ unit: 'binary' }),
  request.map(value => JSON.stringify(value).slice(0, -1)),
  fc.constantFrom(
    '{"__proto__":{"ok":true}}',
    '[[[[',
    '"',
    'null',
    '{"id":"a","route":"app.status","input":{"__proto__":{}}}',
    '[]',
    '1e999',
    '\ud800',
  ),
)
const payload = fc.oneof(
  { weight: 5, arbitrary: text },
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true }),
)

describe('every channel of the app', () => {
  test('is one of those with a name, and two of them listen', () => {
    const { answers } = house()
    expect([...answers.keys()].sort()).toEqual([CHANNELS.cancel, CHANNELS.request].sort())
  })

  test.each(HOSTILE)('refuses %s, whatever it says', async (_name, sender) => {
    const { answers, heard } = house()
    await fc.assert(
      fc.asyncProperty(payload, async value => {
        const said = await Promise.all(
          [...answers.values()].map(async answer => {
            try {
              return await answer(sender, value)
            } catch (error) {
              return error instanceof Error && error.message === 'refused' ? undefined : error
            }
          }),
        )
        expect(said.every(one => one === undefined)).toBe(true)
      }),
      { numRuns: 500, seed: 5 },
    )
    expect(heard).toEqual([])
  })

  test('answers 10,000 generated messages of its own page with an envelope or a plain refusal, and nothing of its inside', async () => {
    const { answers, heard } = house()
    await fc.assert(
      fc.asyncProperty(payload, async value => {
        await answers.get(CHANNELS.cancel)?.(own, value)
        const said = await Promise.resolve(answers.get(CHANNELS.request)?.(own, value)).catch((error: unknown) => error)
        expect(typeof value === 'string' ? codeOf(said) : said).toEqual(typeof value === 'string' ? 'app/' : new Error('refused'))
        expect(String(said)).not.toMatch(LEAK)
      }),
      { numRuns: 10_000, seed: 20_261_120 },
    )
    expect(heard.length).toBeGreaterThan(5_000)
  }, 120_000)

  test('says no more than a sentence when the app itself did not open', async () => {
    const { answers } = house(Promise.reject(new Error(`cannot open ${SECRET_PLACE}`)))
    const said = await answers.get(CHANNELS.request)?.(own, JSON.stringify({ id: 'a', route: 'app.status', input: {} }))
    expect(JSON.parse(String(said))).toMatchObject({ ok: false, error: { code: 'app/internal' } })
    expect(String(said)).not.toMatch(LEAK)
  })
})

describe('the size of a request', () => {
  const MB = 1024 * 1024
  const beginning = (route: string): string => `{"id":"a","route":"${route}","input":{"text":"`
  /** What the core hears of a request: null when its text was not even parsed. */
  const heardOf = async (json: string): Promise<unknown> => {
    const { answers, heard } = house()
    expect(JSON.parse(String(await answers.get(CHANNELS.request)?.(own, json)))).toMatchObject({ ok: false })
    return heard[0] === null ? null : Reflect.get(Object(heard[0]), 'route')
  }

  test.each(['connections.withForm', 'app.status', 'notices.setMail'])('is small for %s: more is not even parsed', async route => {
    expect(await heardOf(`${beginning(route)}${'x'.repeat(MB / 2)}"}}`)).toBe(route)
    expect(await heardOf(`${beginning(route)}${'x'.repeat(MB)}"}}`)).toBeNull()
  })

  test.each(['imports.preview', 'desktop.saveFile', 'journal.attach'])('may be a file for %s, and no more than that', async route => {
    expect(await heardOf(`${beginning(route)}${'x'.repeat(60 * MB)}"}}`)).toBe(route)
    expect(await heardOf(`${beginning(route)}${'x'.repeat(100 * MB)}"}}`)).toBeNull()
  })

  test('is judged by how a request begins, which cannot be played', async () => {
    const long = 'x'.repeat(2 * MB)
    expect(await heardOf(`{"input":{"text":"${long}"},"id":"a","route":"imports.preview"}`)).toBeNull()
    expect(await heardOf(` ${beginning('imports.preview')}${long}"}}`)).toBeNull()
    expect(await heardOf(`{"id":"a","x":{"route":"imports.preview"},"route":"app.status","input":"${long}"}`)).toBeNull()
  })

  test('is small for every route but those that carry a file', () => {
    const longest = (name: keyof typeof routes): number => {
      const found = [
        ...JSON.stringify(z.toJSONSchema(routes[name].input, { unrepresentable: 'any', io: 'input' })).matchAll(/"maxLength":(\d+)/g),
      ]
      return Math.max(0, ...found.map(([, most]) => Number(most)))
    }
    const names = Object.keys(routes).filter(isRouteName)
    expect(names.filter(name => longest(name) > MB / 2)).toEqual(['imports.preview', 'desktop.saveFile', 'journal.attach'])
  })
})

test('a window that asks for more at once than any window does is refused, and the rest goes on', async () => {
  const { answers } = house(
    Promise.resolve({
      dispatch: request =>
        new Promise(answer => (request === null ? answer({ ok: false, error: { code: 'app/invalid-request' } }) : undefined)),
      subscribe: () => () => undefined,
    }),
  )
  const ask = (id: number) => answers.get(CHANNELS.request)?.(own, JSON.stringify({ id: `${id}`, route: 'app.status', input: {} }))
  for (let id = 0; id < 1_000; id += 1) void ask(id)
  expect(JSON.parse(String(await ask(1_000)))).toMatchObject({ ok: false, error: { code: 'app/invalid-request' } })
})

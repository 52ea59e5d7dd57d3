import { describe, expect, test } from 'vitest'
import { openDesktopFile } from '../../electron/shell/desktop-file.ts'
import { createLife, type LifeDeps } from '../../electron/shell/life.ts'
import type { CloseAnswer, Questions } from '../../electron/shell/questions.ts'
import { createQuestions } from '../../electron/shell/questions.ts'
import type { Bounds } from '../../electron/shell/window-state.ts'
import { tempFolder } from '../support/fake-ports.ts'
import { type FakeWindow, fakeWindow } from './support/fake-window.ts'
import { settled } from './support/hand-clock.ts'

const SCREEN: Bounds = { x: 0, y: 0, width: 1920, height: 1040 }

interface Setting {
  readonly hasTray?: boolean
  readonly staysInDock?: boolean
  readonly onClose?: 'ask' | 'tray' | 'quit'
  readonly answer?: CloseAnswer
  readonly questions?: Partial<Questions<FakeWindow>>
}

/** An app with its windows, and everything around it in the hands of the test. */
function appWith({ hasTray = true, staysInDock = false, onClose = 'ask', answer = { choice: 'stay', remember: false }, questions = {} }: Setting = {}) {
  const folder = tempFolder()
  const file = openDesktopFile({ folder: folder.path, onTrouble: () => undefined })
  file.keep({ onClose })
  const windows: FakeWindow[] = []
  const asked: string[] = []
  let areas = [SCREEN]
  let [quits, isLeaving, nowMs] = [0, false, 0]
  const deps: LifeDeps<FakeWindow> = {
    open(options) {
      const window = fakeWindow(options)
      windows.push(window)
      return window
    },
    areas: () => areas,
    file,
    questions: {
      onClose(_window, tray) {
        asked.push(`close ${tray}`)
        return Promise.resolve(answer)
      },
      onGone(tray) {
        asked.push(`gone ${tray}`)
        return Promise.resolve('keep')
      },
      onUnresponsive() {
        asked.push('unresponsive')
        return Promise.resolve('wait')
      },
      ...questions,
    },
    hasTray: () => hasTray,
    staysInDock,
    quit: () => void (quits += 1),
    isLeaving: () => isLeaving,
    nowMs: () => nowMs,
    // As in the app: where nothing else leads back to it, it keeps a small window.
    onChange: () => void Promise.resolve().then(() => (life.window() ? undefined : life.showHidden())),
    log: () => undefined,
  }
  const life = createLife(deps)
  return {
    life,
    file,
    windows,
    asked,
    quits: () => quits,
    leave: () => void (isLeaving = true),
    pass: (ms: number) => void (nowMs += ms),
    displays: (next: Bounds[]) => void (areas = next),
    last(): FakeWindow {
      const window = windows.at(-1)
      if (!window) throw new Error('there is no window')
      return window
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}

describe('showing the window', () => {
  test('makes one, and brings the same to the front afterwards', () => {
    using app = appWith()
    app.life.show()
    app.last().load()
    app.life.show()
    expect([app.windows.length, app.last().done]).toEqual([1, ['shown', 'focused']])
  })

  test('brings a small one back', () => {
    using app = appWith()
    app.life.show()
    app.last().minimize()
    app.life.show()
    expect(app.last().done).toEqual(['minimized', 'restored', 'shown', 'focused'])
  })

  test('leads a new one to the screen by its address, and an open one by a message', () => {
    using app = appWith()
    app.life.show({ page: 'health' })
    expect(app.last().options.hash).toBe('#/health')
    app.last().load()
    app.life.show({ page: 'brokers', connectionId: 'con_1', act: 'reconnect' })
    expect(app.last().sent).toEqual(['#/brokers?connection=con_1&act=reconnect'])
  })

  test('waits with the screen until the page listens', () => {
    using app = appWith()
    app.life.show()
    app.life.show({ page: 'health' })
    app.life.show({ page: 'history' })
    expect(app.last().sent).toEqual([])
    app.last().load()
    app.last().load()
    expect(app.last().sent).toEqual(['#/history'])
  })

  test('makes none any more while the app ends', () => {
    using app = appWith()
    app.leave()
    app.life.show()
    expect(app.windows).toEqual([])
  })
})

describe('closing the window', () => {
  test('asks once; keeping the app in the tray costs no window', async () => {
    using app = appWith({ answer: { choice: 'tray', remember: true } })
    app.life.show()
    app.last().close()
    app.last().close()
    await settled()
    expect([app.asked, app.last().isDestroyed(), app.life.window(), app.file.read().onClose]).toEqual([['close true'], true, null, 'tray'])
    app.life.show()
    app.last().close()
    expect([app.asked.length, app.last().isDestroyed(), app.quits()]).toEqual([1, true, 0])
  })

  test('asks again when the answer was not to be remembered', async () => {
    using app = appWith({ answer: { choice: 'tray', remember: false } })
    for (let times = 0; times < 2; times += 1) {
      app.life.show()
      app.last().close()
      await settled()
    }
    expect([app.asked.length, app.file.read().onClose]).toEqual([2, 'ask'])
  })

  test('does nothing when the user would rather stay', async () => {
    using app = appWith({ answer: { choice: 'stay', remember: true } })
    app.life.show()
    app.last().close()
    await settled()
    expect([app.last().isDestroyed(), app.quits(), app.file.read().onClose]).toEqual([false, 0, 'ask'])
  })

  test('quits the app when that was chosen', async () => {
    using app = appWith({ answer: { choice: 'quit', remember: true } })
    app.life.show()
    app.last().close()
    await settled()
    expect([app.quits(), app.file.read().onClose]).toEqual([1, 'quit'])
    app.last().close()
    expect([app.quits(), app.asked.length]).toEqual([2, 1])
  })

  test('makes it small where there is no tray', async () => {
    using app = appWith({ hasTray: false, answer: { choice: 'tray', remember: true } })
    app.life.show()
    app.last().close()
    await settled()
    app.last().close()
    expect([app.asked, app.last().done, app.last().isDestroyed()]).toEqual([['close false'], ['minimized', 'minimized'], false])
  })

  test('asks nothing on macOS, where the app stays in the dock', () => {
    using app = appWith({ staysInDock: true, hasTray: false })
    app.life.show()
    app.last().close()
    expect([app.asked, app.last().isDestroyed(), app.quits()]).toEqual([[], true, 0])
  })

  test('quits on macOS too when the user set it so', () => {
    using app = appWith({ staysInDock: true, onClose: 'quit' })
    app.life.show()
    app.last().close()
    expect(app.quits()).toBe(1)
  })

  test('holds up no end of the app', () => {
    using app = appWith()
    app.life.show()
    app.leave()
    app.last().close()
    expect([app.last().isDestroyed(), app.asked]).toEqual([true, []])
  })

  test('takes the harmless way out when the question cannot be asked', async () => {
    using app = appWith({ questions: createQuestions<FakeWindow>(() => Promise.reject(new Error('no display'))) })
    app.life.show()
    app.last().close()
    await settled()
    expect([app.last().isDestroyed(), app.quits()]).toEqual([false, 0])
  })
})

describe('a window that comes back', () => {
  test('stands where it stood and shows the page it showed, without what that was opened with', () => {
    using app = appWith({ onClose: 'tray' })
    app.life.show({ page: 'brokers', connectionId: 'con_1', act: 'reconnect' })
    const bounds = { x: 90, y: 70, width: 1000, height: 700 }
    app.last().move(bounds)
    app.last().close()
    app.life.show()
    expect(app.last().options).toEqual({ bounds, maximized: false, fullScreen: false, hash: '#/brokers', minimized: false })
  })

  test('is on screen whatever became of the displays', () => {
    using app = appWith({ onClose: 'tray' })
    app.life.show()
    app.last().move({ x: 3000, y: 100, width: 1000, height: 700 })
    app.last().close()
    app.life.show()
    expect(app.last().options.bounds).toEqual({ x: 460, y: 170, width: 1000, height: 700 })
  })

  test('is brought back when its display goes while it is open', () => {
    using app = appWith()
    app.displays([SCREEN, { x: 1920, y: 0, width: 1920, height: 1040 }])
    app.life.show()
    app.last().move({ x: 2000, y: 100, width: 1000, height: 700 })
    app.life.displaysChanged()
    expect(app.last().getBounds().x).toBe(2000)
    app.displays([SCREEN])
    app.life.displaysChanged()
    expect(app.last().getBounds()).toEqual({ x: 460, y: 170, width: 1000, height: 700 })
  })

  test('shows no page of another address', () => {
    using app = appWith({ onClose: 'tray' })
    app.life.show({ page: 'health' })
    app.last().goTo('#/nowhere')
    app.last().close()
    app.life.show()
    expect(app.last().options.hash).toBe('')
  })
})

describe('a start at a login', () => {
  test.each([
    ['the tray', { hasTray: true }],
    ['the dock', { hasTray: false, staysInDock: true }],
  ])('needs no window where the app is found in %s', (_where, setting) => {
    using app = appWith(setting)
    app.life.showHidden()
    expect(app.windows).toEqual([])
  })

  test('makes a small one where nothing else leads back to the app, unless there is a window or the end', () => {
    using app = appWith({ hasTray: false })
    app.life.showHidden()
    expect(app.last().options.minimized).toBe(true)
    app.life.showHidden()
    app.leave()
    app.last().destroy()
    app.life.showHidden()
    expect(app.windows).toHaveLength(1)
  })
})

describe('a page that fails', () => {
  test('comes back at the same place when its process ended', () => {
    using app = appWith()
    app.life.show({ page: 'health' })
    app.last().crash()
    expect([app.windows.length, app.windows[0]?.isDestroyed(), app.last().options.hash]).toEqual([2, true, '#/health'])
  })

  test('does not come back for ever', async () => {
    using app = appWith()
    app.life.show()
    for (let times = 0; times < 3; times += 1) app.last().crash()
    await settled()
    expect([app.windows.length, app.asked, app.life.window()]).toEqual([3, ['gone true'], null])
    app.life.show()
    expect(app.windows).toHaveLength(4)
  })

  test('waits for the answer also where there is no tray, however often it fails meanwhile', async () => {
    const asked: PromiseWithResolvers<'again'>[] = []
    using app = appWith({
      hasTray: false,
      questions: {
        onGone() {
          const question = Promise.withResolvers<'again'>()
          asked.push(question)
          return question.promise
        },
      },
    })
    app.life.show()
    for (let times = 0; times < 3; times += 1) app.last().crash()
    await settled()
    expect([app.windows.length, asked.length]).toEqual([3, 1])
    app.life.show()
    app.last().crash()
    await settled()
    expect([app.windows.length, asked.length]).toEqual([4, 1])
    asked[0]?.resolve('again')
    await settled()
    expect([app.windows.length, app.last().options.minimized]).toEqual([5, false])
  })

  test('comes back as before when its failures are far apart', () => {
    using app = appWith()
    app.life.show()
    for (let times = 0; times < 5; times += 1) {
      app.last().crash()
      app.pass(200_000)
    }
    expect([app.windows.length, app.asked]).toEqual([6, []])
  })

  test.each([
    ['again', 4, 0],
    ['quit', 3, 1],
    ['keep', 3, 0],
  ] as const)('does after too many what the user says: %s', async (choice, windows, quits) => {
    using app = appWith({ questions: { onGone: () => Promise.resolve(choice) } })
    app.life.show()
    for (let times = 0; times < 3; times += 1) app.last().crash()
    await settled()
    expect([app.windows.length, app.quits()]).toEqual([windows, quits])
  })

  test('is left alone when its process ended with its window or the app', () => {
    using app = appWith()
    app.life.show()
    app.last().crash('clean-exit')
    app.leave()
    app.last().crash()
    expect(app.windows).toHaveLength(1)
  })

  test('is asked about when it does not answer, and made anew when the user wants that', async () => {
    using app = appWith({ questions: { onUnresponsive: () => Promise.resolve('reload') } })
    app.life.show({ page: 'history' })
    app.last().say('unresponsive')
    await settled()
    expect([app.windows.length, app.last().options.hash]).toEqual([2, '#/history'])
  })

  test('is asked about once at a time, and no more when it answers again', async () => {
    const signals: AbortSignal[] = []
    const answer = Promise.withResolvers<'reload' | 'wait'>()
    using app = appWith({
      questions: {
        onUnresponsive(_window, signal) {
          signals.push(signal)
          return answer.promise
        },
      },
    })
    app.life.show()
    app.last().say('unresponsive')
    app.last().say('unresponsive')
    app.last().say('responsive')
    answer.resolve('reload')
    await settled()
    expect([signals.length, signals[0]?.aborted, app.windows.length]).toEqual([1, true, 1])
  })

  test('keeps nobody from quitting: one that does not answer then goes without a question', async () => {
    using app = appWith()
    app.life.show()
    app.leave()
    app.last().say('unresponsive')
    await settled()
    expect([app.last().isDestroyed(), app.asked]).toEqual([true, []])
  })

  test('is not made anew while the app ends', async () => {
    const answer = Promise.withResolvers<'reload'>()
    using app = appWith({ questions: { onUnresponsive: () => answer.promise } })
    app.life.show()
    app.last().say('unresponsive')
    app.leave()
    answer.resolve('reload')
    await settled()
    expect([app.windows.length, app.last().isDestroyed()]).toEqual([1, true])
  })
})

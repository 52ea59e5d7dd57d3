import { describe, expect, test } from 'vitest'
import { createConsent } from '../../electron/shell/consent.ts'
import type { Answer, Box } from '../../electron/shell/questions.ts'

const question = { message: 'Take the kill switch back?', detail: 'Orders can be sent again.', yes: 'Take it back' }

function bench(answer: (box: Box) => Promise<Answer>) {
  const boxes: Box[] = []
  const time = { ms: 0 }
  const consent = createConsent({
    show(box) {
      boxes.push(box)
      return answer(box)
    },
    now: () => time.ms,
  })
  const ask = (signal = new AbortController().signal): Promise<boolean> => consent.ask(question, { signal })
  return { boxes, time, ask }
}
const pressing = (response: number) => () => Promise.resolve({ response, checkboxChecked: false })

describe('the box of the main process', () => {
  test('has no ready: Enter, Escape and the cross all mean it', async () => {
    const it = bench(pressing(0))
    expect(await it.ask()).toBe(false)
    const [box] = it.boxes
    expect(box).toMatchObject({ type: 'warning', buttons: ['No, change nothing', 'Take it back'], defaultId: 0, cancelId: 0 })
  })

  test('is a yes only by its own button', async () => {
    expect(await bench(pressing(1)).ask()).toBe(true)
    for (const response of [-1, 2, Number.NaN]) expect(await bench(pressing(response)).ask()).toBe(false)
  })

  test('that cannot be shown is a no', async () => {
    expect(await bench(() => Promise.reject(new Error('no display'))).ask()).toBe(false)
  })

  test('stands alone: whoever asks beside it is told no, and it goes on', async () => {
    const first = Promise.withResolvers<Answer>()
    const it = bench(() => first.promise)
    const waiting = it.ask()
    expect(await it.ask()).toBe(false)
    first.resolve({ response: 1, checkboxChecked: false })
    expect(await waiting).toBe(true)
    expect(it.boxes).toHaveLength(1)
  })

  test('does not come faster than somebody asks by hand, so nobody is worn down', async () => {
    const it = bench(pressing(1))
    const answers: boolean[] = []
    for (let turn = 0; turn < 20; turn += 1) answers.push(await it.ask())
    expect(answers.filter(yes => yes)).toHaveLength(5)
    expect(it.boxes).toHaveLength(5)
    it.time.ms += 60_000
    expect(await it.ask()).toBe(true)
  })

  test('goes with the window that asked, and a yes after that counts for nothing', async () => {
    const window = new AbortController()
    const it = bench(box => {
      window.abort()
      expect(box.signal?.aborted).toBe(true)
      return Promise.resolve({ response: 1, checkboxChecked: false })
    })
    expect(await it.ask(window.signal)).toBe(false)
    expect(await it.ask(window.signal)).toBe(false)
    expect(it.boxes).toHaveLength(1)
  })
})

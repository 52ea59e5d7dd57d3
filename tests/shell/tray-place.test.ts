import { describe, expect, test } from 'vitest'
import { createTrayPlace } from '../../electron/shell/tray-place.ts'
import { Instant } from '../../shared/domain/time.ts'
import { handClock, settled } from './support/hand-clock.ts'

/** A desktop whose tray comes and goes. */
function desktopWith(isThere: boolean, opens: () => string | null = () => 'tray') {
  const clock = handClock(Instant.parse('2026-11-20T21:00:00Z'))
  let [shows, opened, looks] = [isThere, 0, 0]
  const place = createTrayPlace({
    ask() {
      looks += 1
      return Promise.resolve(shows)
    },
    open() {
      opened += 1
      return opens()
    },
    after: clock.after,
  })
  return { place, clock, opened: () => opened, looks: () => looks, shows: (now: boolean) => void (shows = now) }
}

describe('the place of the tray', () => {
  test('is found at the first look, and its icon is made once', async () => {
    const { place, opened } = desktopWith(true)
    expect([place.isThere(), place.tray()]).toEqual([false, null])
    await Promise.all([place.look(), place.look()])
    expect([place.isThere(), place.tray(), opened()]).toEqual([true, 'tray', 1])
  })

  test('may come later, and go', async () => {
    const { place, shows } = desktopWith(false)
    expect([await place.look(), place.tray()]).toEqual([false, null])
    shows(true)
    expect([await place.look(), place.tray()]).toEqual([true, 'tray'])
    shows(false)
    expect([await place.look(), place.isThere(), place.tray()]).toEqual([false, false, 'tray'])
  })

  test('is none where the icon cannot be made', async () => {
    const { place } = desktopWith(true, () => null)
    expect([await place.look(), place.isThere()]).toEqual([false, false])
  })

  test('is waited for at a login, when the desktop is still coming up', async () => {
    const { place, clock, shows } = desktopWith(false)
    const found = place.wait()
    await settled()
    clock.pass(1_000)
    await settled()
    shows(true)
    clock.pass(2_000)
    await settled()
    expect([await found, place.tray(), clock.waits()]).toEqual([true, 'tray', []])
  })

  test('is waited for a quarter of a minute, no longer', async () => {
    const { place, clock, looks } = desktopWith(false)
    const found = place.wait()
    for (let second = 0; second < 15; second += 1) {
      await settled()
      clock.pass(1_000)
    }
    expect([await found, looks(), clock.waits()]).toEqual([false, 5, []])
  })
})

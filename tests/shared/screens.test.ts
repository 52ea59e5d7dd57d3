import { expect, test } from 'vitest'
import { PAGES, readScreen, SCREEN_ACTS, screenHash } from '../../shared/contract/screens.ts'

test('a screen comes back from its fragment as it was', () => {
  for (const page of PAGES) {
    expect(readScreen(screenHash({ page }))).toEqual({ page })
    for (const act of SCREEN_ACTS) {
      const screen = { page, connectionId: 'con_0f-Aa9', act }
      expect(readScreen(screenHash(screen))).toEqual(screen)
    }
  }
})

test.each(['', '#', '#/', '#/nowhere', '#/Overview', '#/overview/x', '#//overview', 'javascript:alert(1)', '#/../brokers'])('%j names no screen', hash => {
  expect(readScreen(hash)).toBeNull()
})

test.each([
  '#/brokers?connection=acc_1', '#/brokers?connection=con_', '#/brokers?connection=con_1%2F..', `#/brokers?connection=con_${'1'.repeat(61)}`,
  '#/brokers?act=disconnect', '#/brokers?what=ever', '#/brokers?%',
])('%s shows its page, without what is not understood', hash => {
  expect(readScreen(hash)).toEqual({ page: 'brokers' })
})

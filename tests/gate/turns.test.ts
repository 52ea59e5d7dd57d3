import { expect, test } from 'vitest'
import { Turns } from './turns.ts'

function listen(): { turns: Turns; heard: () => string } {
  const words: string[] = []
  return { turns: new Turns(said => words.push(String(said))), heard: () => words.join(' ') }
}

test('who began first is heard as it speaks, the other only when that has ended', () => {
  const { turns, heard } = listen()
  const [lint, torture] = [turns.begin(), turns.begin()]
  torture.say('R1')
  lint.say('lint')
  expect(heard()).toBe('lint')
  torture.say('R2')
  lint.say('is well')
  expect(heard()).toBe('lint is well')
  lint.end()
  expect(heard()).toBe('lint is well R1 R2')
  torture.say('R3')
  expect(heard()).toBe('lint is well R1 R2 R3')
})

test('those that have ended meanwhile are heard whole, in the order they began, and the next one as it speaks', () => {
  const { turns, heard } = listen()
  const torture = turns.begin()
  for (const title of ['lint', 'types']) {
    const step = turns.begin()
    step.say(`${title} FAILED`)
    step.end()
  }
  const units = turns.begin()
  units.say('units')
  expect(heard()).toBe('')
  torture.end()
  expect(heard()).toBe('lint FAILED types FAILED units')
  units.say('so far')
  expect(heard()).toBe('lint FAILED types FAILED units so far')
})

test('who begins when nobody speaks is heard at once', () => {
  const { turns, heard } = listen()
  const build = turns.begin()
  build.say('build')
  build.end()
  turns.begin().say('lint')
  expect(heard()).toBe('build lint')
})

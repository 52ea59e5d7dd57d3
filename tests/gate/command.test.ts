import { spawnSync } from 'node:child_process'
import { getPriority } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Command } from './command.ts'

const module = path.join(import.meta.dirname, 'command.ts')

/** What the gate prints of a step that runs this script, with what `run` answers as its last line. */
function shown(script: string, options: Partial<Command> = {}): string {
  const command = { title: 'lint', command: process.execPath, args: ['-e', script], ...options }
  const gate = `import(${JSON.stringify(module)}).then(async ({ run }) => console.log(await run(${JSON.stringify(command)})))`
  return spawnSync(process.execPath, ['-e', gate], { encoding: 'utf8' }).stdout
}

test('a step is shown under its title, with what it said and how it ended', () => {
  // Two ways lead out of a program, and neither waits for the other.
  expect(shown(`console.log('said'); console.error('said')`)).toMatch(/^\n# lint\nsaid\nsaid\n# lint: ok \([\d.]+ s\)\ntrue\n$/)
  expect(shown(`console.log('one'); process.exitCode = 3`)).toMatch(/^\n# lint\none\n# lint: FAILED \([\d.]+ s\)\nfalse\n$/)
})

test('a step whose program is not there has failed, and says so', () => {
  expect(shown('', { command: 'no-such-program' })).toMatch(/no-such-program[\s\S]*# lint: FAILED[\s\S]*false\n$/)
})

test('a program that a step leaves behind with its output open holds nobody up', () => {
  const stays = `setInterval(() => undefined, 1000); console.log('left ' + process.pid)`
  const leave = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stays)}], { stdio: 'inherit', detached: true }).once('spawn', () => process.exit())`
  const said = shown(leave)
  process.kill(Number(/left (\d+)/.exec(said)?.[1]))
  expect(said).toMatch(/# lint: ok/)
})

test('a step that yields stands back behind the others', () => {
  const back = process.platform === 'win32' ? 0 : 5
  expect(shown(`console.log('at ' + os.getPriority())`, { yields: true })).toContain(`at ${getPriority() + back}\n`)
  expect(shown(`console.log('at ' + os.getPriority())`)).toContain(`at ${getPriority()}\n`)
})

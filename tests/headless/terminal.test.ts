import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { repoRoot } from '../support/repo-root.ts'

/** What a process makes of its standard input when it asks for three lines, one after the other. */
async function threeLines(input: string): Promise<unknown> {
  const terminal = pathToFileURL(path.join(repoRoot, 'electron/headless/terminal.ts')).href
  const body = `
    const { createTerminal } = await import(${JSON.stringify(terminal)})
    const { readLine } = createTerminal()
    const lines = []
    for (let i = 0; i < 3; i += 1) lines.push(await readLine(new AbortController().signal))
    console.log(JSON.stringify(lines))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', body], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(input)
  return JSON.parse(await text(child.stdout))
}

test('lines that are piped in together are read one by one, and null once there are no more', async () => {
  expect(await threeLines('one\ntwo\nthree\nfour\n')).toEqual(['one', 'two', 'three'])
  expect(await threeLines('key\nsecret\n')).toEqual(['key', 'secret', null])
  expect(await threeLines('')).toEqual([null, null, null])
})

test('a reader that goes away, such as head, ends nothing and is no error', async () => {
  const terminal = pathToFileURL(path.join(repoRoot, 'electron/headless/terminal.ts')).href
  const body = `
    const { createTerminal } = await import(${JSON.stringify(terminal)})
    const { setImmediate } = await import('node:timers/promises')
    const { out, readLine } = createTerminal()
    await readLine(new AbortController().signal)
    for (let i = 0; i < 100; i += 1) {
      out('a line that nobody reads')
      await setImmediate()
    }
    process.exitCode = 3`
  const child = spawn(process.execPath, ['--input-type=module', '-e', body], { stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = once(child, 'exit')
  child.stdout.destroy()
  child.stdin.end('go\n')
  expect({ said: await text(child.stderr), code: (await ended)[0] as unknown }).toEqual({ said: '', code: 3 })
})

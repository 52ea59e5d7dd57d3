import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { installed, lookThrough } from './support/installed-copy.ts'
import { publish } from './support/update-feed.ts'

describe('An update', () => {
  test('that is signed is downloaded by itself, and installed only when asked', async () => {
    const copy = await installed()
    publish(copy.feed, copy.release({ more: ["releaseNotes: '<b>Faster</b> syncs'"] }), copy.key)
    expect(await lookThrough(copy)).toBe('ready')
    expect(copy.updates.view()).toMatchObject({ version: '1.3.0', notes: 'Faster syncs', progress: null, trouble: null })
    expect(copy.ran()).toEqual([])

    // Two clicks are one.
    await Promise.all([copy.updates.install(), copy.updates.install()])
    await eventually(() => expect(copy.ran()).toEqual(['1.3.0']))
    expect(copy.endings).toEqual(['drained', 'exit'])
    expect(readFileSync(copy.program)).toEqual(copy.release().bytes)
    execFileSync(copy.program)
    expect(copy.ran()).toEqual(['1.3.0', '1.3.0'])
  })

  test('starts with the data it was started with before, and with nothing else it was told', async () => {
    const copy = await installed()
    publish(copy.feed, copy.release(), copy.key)
    expect(await lookThrough(copy)).toBe('ready')
    const told = ['--data-dir=/home/me/other data', '--hidden', '--inspect', 'keelson://history']
    process.argv.push(...told)
    onTestFinished(() => void process.argv.splice(-told.length))
    await copy.updates.install()
    await eventually(() => expect(copy.ran()).toEqual(['1.3.0 --data-dir=/home/me/other data']))
  })
})

import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { type DesktopMemory, openDesktopFile } from '../../electron/shell/desktop-file.ts'
import { tempFolder } from '../support/fake-ports.ts'

const NOTHING: DesktopMemory = {
  onClose: 'ask', shortcut: null, checkForUpdates: true, zoom: 1, theme: null, folders: { save: '', open: '' }, window: null, screen: '', crashes: { running: null, ends: [] },
}
const isRoot = process.getuid?.() === 0

function open(folder: string, write?: (file: string, text: string) => void) {
  const troubles: string[] = []
  return { troubles, file: openDesktopFile({ folder, onTrouble: what => void troubles.push(what), ...(write ? { write } : {}) }) }
}

function failing(code: string) {
  return (): never => {
    throw Object.assign(new Error('no'), { code })
  }
}

describe('desktop.json', () => {
  test('keeps what it was told, over runs', () => {
    using folder = tempFolder()
    const memory: Partial<DesktopMemory> = {
      onClose: 'tray', shortcut: 'Alt+K', zoom: 1.25, theme: 'dark', window: { bounds: { x: -3, y: 4, width: 800, height: 600 }, maximized: true, fullScreen: false }, screen: '#/health',
    }
    open(folder.path).file.keep(memory)
    expect(open(folder.path)).toMatchObject({ troubles: [], file: {} })
    expect(open(folder.path).file.read()).toEqual({ ...NOTHING, ...memory })
  })

  test('is as if nothing was said when it is not there', () => {
    using folder = tempFolder()
    const { file, troubles } = open(path.join(folder.path, 'new'))
    expect([file.read(), troubles]).toEqual([NOTHING, []])
  })

  test.each(['', '{', 'null', '[]', '"x"', '42', '{"onClose":"explode","zoom":"big","window":{"bounds":{"x":1}},"crashes":{"running":"yesterday","ends":[1,null]}}'])(
    'is as if nothing was said when it holds %j',
    text => {
      using folder = tempFolder()
      writeFileSync(path.join(folder.path, 'desktop.json'), text)
      expect(open(folder.path).file.read()).toEqual(NOTHING)
    },
  )

  test.each([
    { x: 0, y: 0, width: 0, height: 600 },
    { x: 0, y: 0, width: -800, height: 600 },
    { x: 1e9, y: 0, width: 800, height: 600 },
    { x: '0', y: 0, width: 800, height: 600 },
  ])('forgets a window that no desktop can hold: %j', bounds => {
    using folder = tempFolder()
    writeFileSync(path.join(folder.path, 'desktop.json'), JSON.stringify({ onClose: 'quit', window: { bounds } }))
    expect(open(folder.path).file.read()).toEqual({ ...NOTHING, onClose: 'quit' })
  })

  test.each(['javascript:alert(1)', '../../etc/passwd', '#/nowhere', '#/brokers?connection=con_1&act=reconnect', 7])('begins at no place that is no page: %j', screen => {
    using folder = tempFolder()
    writeFileSync(path.join(folder.path, 'desktop.json'), JSON.stringify({ screen }))
    expect(['', '#/brokers']).toContain(open(folder.path).file.read().screen)
  })

  test('says when it was damaged, and is whole again with the next change', () => {
    using folder = tempFolder()
    writeFileSync(path.join(folder.path, 'desktop.json'), '{"onClose": "tr')
    const { file, troubles } = open(folder.path)
    expect(troubles).toEqual(['damaged'])
    file.remember({ onClose: 'tray' })
    expect(open(folder.path).file.read().onClose).toBe('tray')
  })

  test('says when it cannot be read, and goes on', () => {
    using folder = tempFolder()
    mkdirSync(path.join(folder.path, 'desktop.json'))
    const { file, troubles } = open(folder.path)
    expect([file.read(), troubles]).toEqual([NOTHING, ['unreadable']])
  })

  test.skipIf(isRoot || process.platform === 'win32')('says when it belongs to somebody else', () => {
    using folder = tempFolder()
    const file = path.join(folder.path, 'desktop.json')
    writeFileSync(file, '{"onClose":"tray"}')
    chmodSync(file, 0)
    expect(open(folder.path).troubles).toEqual(['unreadable'])
  })

  test.each([
    ['ENOSPC', 'app/disk-full'],
    ['EDQUOT', 'app/disk-full'],
    ['EACCES', 'app/file-unwritable'],
    ['EROFS', 'app/file-unwritable'],
  ])('changes nothing the user asked for when it cannot be written (%s)', (code, expected) => {
    using folder = tempFolder()
    const { file, troubles } = open(folder.path, failing(code))
    expect(() => file.keep({ onClose: 'tray' })).toThrow(expect.objectContaining({ code: expected }))
    expect([file.read().onClose, troubles]).toEqual(['ask', ['unwritable']])
  })

  test('remembers what may be lost until the end of the run when it cannot be written', () => {
    using folder = tempFolder()
    const { file, troubles } = open(folder.path, failing('ENOSPC'))
    file.remember({ screen: '#/health' })
    expect([file.read().screen, troubles]).toEqual(['#/health', ['unwritable']])
  })

  test.skipIf(process.platform === 'win32')('is readable by its owner only', () => {
    using folder = tempFolder()
    open(folder.path).file.keep({ onClose: 'tray' })
    expect(statSync(path.join(folder.path, 'desktop.json')).mode & 0o777).toBe(0o600)
  })
})

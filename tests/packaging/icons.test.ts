import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { toIcns, toIco } from '../../electron/packaging/icons/containers.ts'
import { appDrawings, readIcon, TRAY_STATES, trayDrawings } from '../../electron/packaging/icons/drawings.ts'

const resources = path.resolve(import.meta.dirname, '../../resources')
const read = (name: string): Buffer => readFileSync(path.join(resources, name))
const hash = (content: Buffer): string => createHash('sha256').update(content).digest('hex')
const made = z
  .object({ source: z.string(), files: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('icons/made-from.json').toString()))
const icon = readIcon(read('icon.svg').toString())

/** Width, height and whether it can be see-through, from a PNG's first block. */
function pictureOf(png: Buffer): { width: number; height: number; alpha: boolean } {
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG')
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20), alpha: png[25] === 6 }
}

/** Pictures of an ICNS file by type. */
function blocksOf(icns: Buffer): { type: string; png: Buffer }[] {
  const blocks = []
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4))
    blocks.push({ type: icns.toString('latin1', at, at + 4), png: icns.subarray(at + 8, at + icns.readUInt32BE(at + 4)) })
  return blocks
}

describe('the icons', () => {
  test('belong to the drawing beside them: after changing it, run npm run icons', () => {
    expect(made.source).toBe(hash(read('icon.svg')))
    expect(Object.fromEntries(Object.keys(made.files).map(name => [name, hash(read(name))]))).toEqual(made.files)
    const there = ['icons', 'tray'].flatMap(folder => readdirSync(path.join(resources, folder)).map(name => `${folder}/${name}`))
    expect([...there.filter(name => name !== 'icons/made-from.json'), 'icon.icns', 'icon.ico'].sort()).toEqual(
      Object.keys(made.files).sort(),
    )
  })

  test.each([...appDrawings(icon), ...trayDrawings(icon)])(
    '$file is $pixels pixels wide and high, with room to see through',
    ({ file, pixels }) => {
      expect(pictureOf(read(file))).toEqual({ width: pixels, height: pixels, alpha: true })
    },
  )

  test('show each state of the tray by another picture, in colour and without', () => {
    for (const end of ['.png', '@2x.png', '-large.png', 'Template.png', 'Template@2x.png']) {
      expect(new Set(TRAY_STATES.map(state => hash(read(`tray/tray-${state}${end}`)))).size).toBe(TRAY_STATES.length)
    }
  })

  test('for Windows hold every size up to 256', () => {
    const ico = read('icon.ico')
    expect([ico.readUInt16LE(0), ico.readUInt16LE(2)]).toEqual([0, 1])
    const pictures = Array.from({ length: ico.readUInt16LE(4) }, (_, index) => {
      const at = 6 + 16 * index
      const [length, offset] = [ico.readUInt32LE(at + 8), ico.readUInt32LE(at + 12)]
      return { said: ico.readUInt8(at) || 256, ...pictureOf(ico.subarray(offset, offset + length)) }
    })
    expect(pictures.map(({ said }) => said)).toEqual([16, 24, 32, 48, 64, 128, 256])
    expect(pictures.every(({ said, width, height }) => said === width && said === height)).toBe(true)
  })

  test('for macOS hold every size up to 1024, at ordinary and double resolution', () => {
    const icns = read('icon.icns')
    expect(icns.toString('latin1', 0, 4)).toBe('icns')
    expect(icns.readUInt32BE(4)).toBe(icns.length)
    const widths = Object.fromEntries(blocksOf(icns).map(({ type, png }) => [type, pictureOf(png).width]))
    expect(widths).toEqual({ icp4: 16, icp5: 32, ic11: 32, ic12: 64, ic07: 128, ic08: 256, ic13: 256, ic09: 512, ic14: 512, ic10: 1024 })
  })

  test('are refused in a size their file has no name for', () => {
    expect(() => toIcns([{ pixels: 100, png: Buffer.alloc(1) }])).toThrow('100 pixels')
    expect(toIco([]).length).toBe(6)
    expect(() => readIcon('<svg></svg>')).toThrow('no path')
  })
})

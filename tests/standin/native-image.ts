import { existsSync, readFileSync } from 'node:fs'
import type * as Electron from 'electron'
import { strict, unsupported } from './strict.ts'

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47])

/** Width and height of a PNG, which stand at a fixed place (PNG specification, IHDR). */
function sizeOf(bytes: Buffer): Electron.Size {
  return bytes.subarray(0, 4).equals(PNG) ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) } : { width: 0, height: 0 }
}

export interface StandinImage {
  readonly bytes: Buffer
  isEmpty(): boolean
  getSize(): Electron.Size
  toPNG(): Buffer
  toDataURL(): string
  resize(size: Partial<Electron.Size>): StandinImage
  setTemplateImage(on: boolean): void
  isTemplateImage(): boolean
  addRepresentation(representation: object): void
}

/** A picture, empty when its bytes are no PNG, as Electron gives for a file it cannot read. Sizes are kept, pixels are not changed. */
function imageOf(bytes: Buffer, size = sizeOf(bytes)): StandinImage {
  let isTemplate = false
  const isEmpty = (): boolean => size.width === 0
  return strict('nativeImage', {
    bytes,
    isEmpty,
    getSize: () => ({ ...size }),
    toPNG: () => bytes,
    toDataURL: () => `data:image/png;base64,${bytes.toString('base64')}`,
    resize: ({ width = size.width, height = size.height }: Partial<Electron.Size>) => imageOf(bytes, isEmpty() ? size : { width, height }),
    setTemplateImage: (on: boolean) => void (isTemplate = on),
    isTemplateImage: () => isTemplate,
    addRepresentation: () => undefined,
  })
}

/** What Electron makes of a path or an image where it takes either. Throws for a file that is not there, as it does. */
export function readImage(image: string | StandinImage): StandinImage {
  if (typeof image !== 'string') return image
  if (!existsSync(image)) throw new Error(`Failed to load image from path '${image}'`)
  return imageOf(readFileSync(image))
}

export const nativeImage = strict('nativeImage', {
  createEmpty: () => imageOf(Buffer.alloc(0)),
  createFromPath: (file: string) => imageOf(existsSync(file) ? readFileSync(file) : Buffer.alloc(0)),
  createFromBitmap: (bytes: Buffer, { width, height }: Electron.Size) => imageOf(bytes, { width, height }),
  createFromBuffer: (bytes: Buffer) => imageOf(bytes),
  createFromDataURL: (url: string) =>
    imageOf(Buffer.from(/^data:image\/png;base64,(.*)$/s.exec(url)?.[1] ?? unsupported('a data address that is no PNG'), 'base64')),
})

/** A PNG picture and its width; all are square. */
export interface Picture {
  readonly pixels: number
  readonly png: Buffer
}

const ICO_HEAD = 6
const ICO_ENTRY = 16

/** A Windows icon file with every picture as PNG, which Windows reads since Vista. Pictures are 256 wide at most. */
export function toIco(pictures: readonly Picture[]): Buffer {
  const head = Buffer.alloc(ICO_HEAD)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(pictures.length, 4)
  let offset = ICO_HEAD + ICO_ENTRY * pictures.length
  const entries = pictures.map(({ pixels, png }) => {
    const entry = Buffer.alloc(ICO_ENTRY)
    // One byte each for width and height: 256 is written as 0.
    entry.writeUInt8(pixels % 256, 0)
    entry.writeUInt8(pixels % 256, 1)
    entry.writeUInt16LE(1, 4)
    entry.writeUInt16LE(32, 6)
    entry.writeUInt32LE(png.length, 8)
    entry.writeUInt32LE(offset, 12)
    offset += png.length
    return entry
  })
  return Buffer.concat([head, ...entries, ...pictures.map(({ png }) => png)])
}

/** Apple's types for PNG pictures: at ordinary and at double resolution the same picture has two names. */
const ICNS_TYPES: Readonly<Record<number, readonly string[]>> = {
  16: ['icp4'],
  32: ['icp5', 'ic11'],
  64: ['ic12'],
  128: ['ic07'],
  256: ['ic08', 'ic13'],
  512: ['ic09', 'ic14'],
  1024: ['ic10'],
}

/** A macOS icon file. Throws on a size Apple has no type for. */
export function toIcns(pictures: readonly Picture[]): Buffer {
  const blocks = pictures.flatMap(({ pixels, png }) => {
    const types = ICNS_TYPES[pixels]
    if (!types) throw new Error(`An icon for macOS has no picture ${pixels} pixels wide`)
    return types.map(type => block(type, png))
  })
  return block('icns', Buffer.concat(blocks))
}

/** Type and length, both counted, then the content. */
function block(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(type, 'latin1')
  head.writeUInt32BE(content.length + head.length, 4)
  return Buffer.concat([head, content])
}

import { AppError } from '../../../shared/contract/errors.ts'
import { LARGEST_PICTURE } from '../../../shared/contract/file-sizes.ts'
import type { PictureView } from '../store/journal-pictures.ts'

const MB = 1024 * 1024

const BEGINNINGS: readonly { readonly type: PictureView['type']; readonly at: readonly (readonly [number, readonly number[]])[] }[] = [
  { type: 'image/png', at: [[0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]]] },
  { type: 'image/jpeg', at: [[0, [0xff, 0xd8, 0xff]]] },
  // RIFF, four bytes of length, WEBP.
  {
    type: 'image/webp',
    at: [
      [0, [0x52, 0x49, 0x46, 0x46]],
      [8, [0x57, 0x45, 0x42, 0x50]],
    ],
  },
]

/**
 * A picture as it was given, with its kind read from its own first bytes; what the file's name says counts for nothing. Throws
 * journal/picture-unusable.
 */
export function readPicture(base64: string): { readonly type: PictureView['type']; readonly bytes: Uint8Array } {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length === 0) throw unusable('it is empty')
  if (bytes.length > LARGEST_PICTURE) throw unusable(`it has ${(bytes.length / MB).toFixed(1)} MB`)
  const known = BEGINNINGS.find(({ at }) => at.every(([from, values]) => values.every((value, index) => bytes[from + index] === value)))
  if (!known) throw unusable('it is no PNG, JPEG or WebP')
  return { type: known.type, bytes }
}

export function unusable(reason: string): AppError {
  return new AppError('journal/picture-unusable', { details: { reason } })
}

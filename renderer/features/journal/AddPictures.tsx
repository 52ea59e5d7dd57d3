import { LARGEST_PICTURE } from '../../../shared/contract/file-sizes.ts'
import { formatBytes } from '../../lib/format/index.ts'
import { attachPictures, refusePicture } from '../../state/journal-editor.ts'
import { Icon } from '../../ui/icons.tsx'

/** A button that chooses pictures from the disk. */
export function AddPictures() {
  return (
    <label className="btn file-btn">
      <Icon name="plus" />
      Add pictures
      <input
        type="file"
        accept="image/png,image/jpeg,image/webp"
        multiple
        onChange={event => {
          void takePictures([...(event.currentTarget.files ?? [])])
          event.currentTarget.value = ''
        }}
      />
    </label>
  )
}

/** Keeps pictures that were chosen or pasted; what is no picture, or too large, is refused before it is read. */
export async function takePictures(files: readonly File[]): Promise<void> {
  const fit = files.filter(({ size, type }) => type.startsWith('image/') && size <= LARGEST_PICTURE)
  await attachPictures(fit.map(file => ({ name: file.name, read: () => base64Of(file) })))
  const left = files.find(file => !fit.includes(file))
  if (left) refusePicture(left.type.startsWith('image/') ? `it has ${formatBytes(left.size)}` : 'it is no PNG, JPEG or WebP')
}

/** The bytes as base64; empty for a file that cannot be read, which is refused as such. */
function base64Of(file: File): Promise<string> {
  return new Promise(resolve => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(typeof reader.result === 'string' ? reader.result.replace(/^[^,]*,/, '') : ''))
    reader.addEventListener('error', () => resolve(''))
    reader.readAsDataURL(file)
  })
}

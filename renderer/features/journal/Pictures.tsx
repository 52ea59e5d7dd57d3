import { useEffect } from 'react'
import { afterKey } from '../../lib/after-key.ts'
import { formatBytes } from '../../lib/format/index.ts'
import { dropPicture, type PictureView, readPicture, showLarge, useJournalPictures } from '../../state/journal-pictures.ts'
import { IconButton } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { ErrorNote, Skeletons } from '../../ui/notes.tsx'

interface PicturesProps {
  readonly attachments: readonly PictureView[]
  readonly onRemove?: (id: string) => void
}

/** The pictures of an entry; a click shows one large. */
export function Pictures({ attachments, onRemove }: PicturesProps) {
  const large = useJournalPictures(state => state.large)
  useEffect(() => () => showLarge(null), [])
  if (attachments.length === 0) return null
  return (
    <ul className="pictures" aria-label="Pictures">
      {attachments.map(attachment => (
        <li key={attachment.id}>
          <button
            type="button"
            className="picture"
            aria-label={`Show ${attachment.name} large, ${formatBytes(attachment.bytes)}`}
            onClick={() => showLarge(attachment)}
          >
            <Thumbnail attachment={attachment} />
          </button>
          {onRemove ? <IconButton icon="close" label={`Remove ${attachment.name}`} onClick={() => onRemove(attachment.id)} /> : null}
        </li>
      ))}
      <Dialog open={large !== null} title={large?.name ?? 'Picture'} size={1180} onClose={() => afterKey(() => showLarge(null))}>
        {large ? <Shown attachment={large} /> : null}
      </Dialog>
    </ul>
  )
}

/** Reads the picture while it is in the list. */
function Thumbnail({ attachment }: { readonly attachment: PictureView }) {
  const { id } = attachment
  useEffect(() => {
    void readPicture(id)
    return () => dropPicture(id)
  }, [id])
  return <Shown attachment={attachment} />
}

function Shown({ attachment: { id, name } }: { readonly attachment: PictureView }) {
  const picture = useJournalPictures(state => state.pictures[id])
  if (picture?.status === 'failed') return <ErrorNote error={picture.error} />
  if (picture?.status !== 'ready') return <Skeletons heights={[64]} label={`Loading ${name}`} />
  return <img src={picture.data} alt={name} />
}

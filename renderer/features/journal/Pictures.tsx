import { useEffect } from 'react'
import { afterKey } from '../../lib/after-key.ts'
import { formatBytes } from '../../lib/format/index.ts'
import { askToRemove, dropPicture, type PictureView, readPicture, showLarge, useJournalPictures } from '../../state/journal-pictures.ts'
import { IconButton } from '../../ui/Button.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { ErrorNote, Skeletons } from '../../ui/notes.tsx'

interface PicturesProps {
  readonly attachments: readonly PictureView[]
  readonly onRemove?: (id: string) => void
}

/** The pictures of an entry; a click shows one large. */
export function Pictures({ attachments, onRemove }: PicturesProps) {
  const large = useJournalPictures(state => state.large)
  const removing = useJournalPictures(state => state.removing)
  useEffect(() => hideAll, [])
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
          {onRemove ? <IconButton icon="close" label={`Remove ${attachment.name}`} onClick={() => askToRemove(attachment)} /> : null}
        </li>
      ))}
      <Dialog open={large !== null} title={large?.name ?? 'Picture'} size={1180} onClose={() => afterKey(() => showLarge(null))}>
        {large ? <Shown attachment={large} /> : null}
      </Dialog>
      <Confirm
        open={removing !== null}
        title="Remove this picture?"
        word="Remove"
        onClose={() => afterKey(() => askToRemove(null))}
        onConfirm={() => {
          if (removing) onRemove?.(removing.id)
          askToRemove(null)
        }}
      >
        <p className="break">{`${removing?.name ?? 'It'} is deleted here. This cannot be taken back.`}</p>
      </Confirm>
    </ul>
  )
}

function hideAll() {
  showLarge(null)
  askToRemove(null)
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

import { useEffect, useState } from 'react'
import type { JournalEntry } from '../../../shared/contract/journal.ts'
import { formatBytes } from '../../lib/format/index.ts'
import { dropPicture, readPicture, useJournalPictures } from '../../state/journal-pictures.ts'
import { IconButton } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { ErrorNote, Skeletons } from '../../ui/notes.tsx'

type Attachment = JournalEntry['attachments'][number]

interface PicturesProps {
  readonly attachments: readonly Attachment[]
  readonly onRemove?: (id: string) => void
}

/** The pictures of an entry; a click shows one large. */
export function Pictures({ attachments, onRemove }: PicturesProps) {
  const [large, setLarge] = useState<Attachment | null>(null)
  if (attachments.length === 0) return null
  return (
    <ul className="pictures" aria-label="Pictures">
      {attachments.map(attachment => (
        <li key={attachment.id}>
          <button
            type="button"
            className="picture"
            aria-label={`Show ${attachment.name} large, ${formatBytes(attachment.bytes)}`}
            onClick={() => setLarge(attachment)}
          >
            <Picture attachment={attachment} />
          </button>
          {onRemove ? <IconButton icon="close" label={`Remove ${attachment.name}`} onClick={() => onRemove(attachment.id)} /> : null}
        </li>
      ))}
      <Dialog open={large !== null} title={large?.name ?? 'Picture'} size={1180} onClose={() => setLarge(null)}>
        {large ? <Picture attachment={large} /> : null}
      </Dialog>
    </ul>
  )
}

function Picture({ attachment: { id, name } }: { readonly attachment: Attachment }) {
  const picture = useJournalPictures(state => state.pictures[id])
  useEffect(() => {
    void readPicture(id)
  }, [id])
  useEffect(() => () => dropPicture(id), [id])
  if (picture?.status === 'failed') return <ErrorNote error={picture.error} />
  if (picture?.status !== 'ready') return <Skeletons heights={[64]} label={`Loading ${name}`} />
  return <img src={picture.data} alt={name} />
}

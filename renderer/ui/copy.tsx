import { IconButton } from './Button.tsx'
import { toast } from './toast.tsx'

/** Puts text on the clipboard and says so. */
export async function copyText(text: string, said: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    toast(said)
  } catch {
    toast('The browser did not allow copying. Select the text and copy it by hand.')
  }
}

/** A value to be copied exactly, such as an address. */
export function CopyLine({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <div className="copy-line">
      <code>{text}</code>
      <IconButton icon="copy" variant="default" label={`Copy ${label}`} onClick={() => void copyText(text, 'Copied')} />
    </div>
  )
}

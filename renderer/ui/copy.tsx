import { useEffect, useState } from 'react'
import { Button, IconButton } from './Button.tsx'

type Copied = 'no' | 'yes' | 'refused'

const SAY_MS = 2000

function useCopy(text: string): { readonly copied: Copied; readonly copy: () => void } {
  const [copied, setCopied] = useState<Copied>('no')
  useEffect(() => {
    if (copied === 'no') return
    const timer = setTimeout(() => setCopied('no'), SAY_MS)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () => {
    void navigator.clipboard.writeText(text).then(
      () => setCopied('yes'),
      () => setCopied('refused'),
    )
  }
  return { copied, copy }
}

const SAID: Readonly<Record<Copied, string | null>> = { no: null, yes: 'Copied', refused: 'Select it and copy by hand' }

/** A button that copies and says so in its own place. */
export function CopyButton({ text, children }: { readonly text: string; readonly children: string }) {
  const { copied, copy } = useCopy(text)
  return (
    <Button variant="ghost" icon={copied === 'yes' ? 'check' : 'copy'} onClick={copy}>
      <span aria-live="polite">{SAID[copied] ?? children}</span>
    </Button>
  )
}

interface CopyLineProps {
  readonly text: string
  readonly label: string
  /** On one line, cut at its end: for what nobody reads through. */
  readonly cut?: boolean
}

/** A value to be copied exactly, such as an address. */
export function CopyLine({ text, label, cut = false }: CopyLineProps) {
  const { copied, copy } = useCopy(text)
  return (
    <div className={cut ? 'copy-line cut' : 'copy-line'}>
      <code>{text}</code>
      <IconButton icon={copied === 'yes' ? 'check' : 'copy'} variant="default" label={SAID[copied] ?? `Copy ${label}`} onClick={copy} />
    </div>
  )
}

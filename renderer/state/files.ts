import { LARGEST_FILE } from '../../shared/contract/desktop.ts'
import { bridgeFailure } from '../bridge/error.ts'
import { saveFile } from '../lib/save-file.ts'
import { api } from './api.ts'
import { desktopHere } from './desktop.ts'

export interface TextFile {
  readonly name: string
  /** Its text in parts, in order. */
  readonly parts: readonly string[]
  readonly type: string
}

/** Throws desktop/file-too-large when a text of so many characters is more than the desktop saves at once. A browser takes any. */
export function checkLength(characters: number): void {
  if (desktopHere() && characters > LARGEST_FILE) throw bridgeFailure('desktop/file-too-large')
}

/**
 * Hands a text to the user as a file: by the system's own dialog on the desktop, as a download in a browser. Answers the name it was
 * given; null when the user changed their mind. Rejects with BridgeError.
 */
export async function saveText({ name, parts, type }: TextFile): Promise<string | null> {
  if (desktopHere()) {
    const text = parts.join('')
    checkLength(text.length)
    return (await api().request('desktop.saveFile', { name, text })).saved
  }
  saveFile(new Blob([...parts], { type }), name)
  return name
}

export interface ChosenFile {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Lets the user choose files by the system's own dialog; empty when they changed their mind. Rejects with BridgeError. */
export async function chooseFiles(): Promise<ChosenFile[]> {
  const { files } = await api().request('desktop.openFiles', {})
  return files.map(({ name, base64 }) => ({ name, bytes: bytesOf(base64) }))
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64)
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at)
  return bytes
}

const OLD = 'windows-1252'

/** The text of a file: UTF-8, UTF-16 where it says so, and what brokers' older programs write (Windows-1252) for anything that is neither. */
export function decodeText(bytes: Uint8Array<ArrayBuffer>): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder(OLD).decode(bytes)
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EACCES: 'Keelson has no permission there',
  EPERM: 'the system does not let Keelson do that there',
  EROFS: 'nothing can be written to that disk',
  ENOENT: 'it is not there any more',
  ENOTDIR: 'the folder is not there any more',
  EISDIR: 'it is a folder',
  EBUSY: 'another program has it open',
  ETXTBSY: 'another program has it open',
  ENAMETOOLONG: 'the name is too long',
  EIO: 'the disk does not answer as it should',
  EMFILE: 'too many files are open',
}

/** Why a file could not be read or written, as the end of a sentence. The path is not in it. */
export function fileTrouble(cause: unknown): string {
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (typeof code !== 'string') return 'the system gives no reason'
  return WORDS[code] ?? `the system says ${code}`
}

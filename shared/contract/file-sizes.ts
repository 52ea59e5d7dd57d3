/** Longest file that is imported, in characters. */
export const MOST_FILE_CHARACTERS = 25_000_000
/** Most that is saved to or taken from files in one go, in bytes or characters: more is no trade history. */
export const LARGEST_FILE = 64 * 1024 * 1024
/** Largest picture of an entry of the journal, in bytes. */
export const LARGEST_PICTURE = 5 * 1024 * 1024

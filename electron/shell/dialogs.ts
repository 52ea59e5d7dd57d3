import { access } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'
import { LARGEST_FILE, MOST_FILE_CHARACTERS } from '../../shared/contract/file-sizes.ts'
import type { Desktop } from '../core/ports.ts'
import { fileTrouble } from './file-words.ts'
import { readUpTo, writeWhole } from './files.ts'
import { createHandPace } from './hand-pace.ts'

interface Filter {
  readonly name: string
  readonly extensions: string[]
}

interface Asked {
  readonly defaultPath: string
  readonly filters: Filter[]
}

export interface SaveQuestion extends Asked {
  readonly properties: ('createDirectory' | 'showOverwriteConfirmation')[]
}

export interface OpenQuestion extends Asked {
  readonly properties: ('openFile' | 'multiSelections')[]
}

/** The system's own questions, over the window when there is one. */
export interface FileQuestions {
  save(question: SaveQuestion): Promise<{ readonly canceled: boolean; readonly filePath: string }>
  open(question: OpenQuestion): Promise<{ readonly canceled: boolean; readonly filePaths: readonly string[] }>
}

/** Where the user saves to and takes from is remembered apart. */
export type FolderUse = 'save' | 'open'

export interface DialogsDeps {
  readonly questions: FileQuestions
  readonly folders: { read(use: FolderUse): string | undefined; write(use: FolderUse, folder: string): void }
  /** Where to begin before anything is remembered, such as the downloads. */
  readonly beginAt: string
  /** Milliseconds that only grow; those of this process by default. */
  readonly now?: () => number
}

const IMPORTABLE: Filter = { name: 'Trade history', extensions: ['csv', 'txt', 'ofx', 'qfx', 'xml', 'json'] }
const ANYTHING: Filter = { name: 'All files', extensions: ['*'] }
const KINDS: Readonly<Record<string, string>> = { csv: 'Comma-separated values', json: 'JSON', ndjson: 'JSON, a line each', txt: 'Text' }
const MB = 1024 * 1024

/**
 * Saves and opens files where the user says. One question at a time, and no more of them than somebody asks for by hand: any other is
 * answered as if the user had said no.
 */
export function createDialogs({ questions, folders, beginAt, now }: DialogsDeps): Pick<Desktop, 'saveFile' | 'openFiles'> {
  const pace = createHandPace(now)
  let isAsking = false
  async function alone<T>(otherwise: T, ask: () => Promise<T>): Promise<T> {
    if (isAsking || pace.isTooFast()) return otherwise
    isAsking = true
    try {
      return await ask()
    } finally {
      isAsking = false
    }
  }

  /** Where the last one was, as long as that is there. */
  async function beginning(use: FolderUse): Promise<string> {
    const last = folders.read(use)
    if (last === undefined) return beginAt
    return access(last).then(
      () => last,
      () => beginAt,
    )
  }

  async function whereTo(name: string): Promise<string | null> {
    const { canceled, filePath } = await questions.save({
      defaultPath: path.join(await beginning('save'), name),
      filters: [...kindOf(name), ANYTHING],
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    })
    return canceled || filePath === '' ? null : filePath
  }

  async function whichFiles(): Promise<readonly string[]> {
    const { canceled, filePaths } = await questions.open({
      defaultPath: await beginning('open'),
      filters: [IMPORTABLE, ANYTHING],
      properties: ['openFile', 'multiSelections'],
    })
    return canceled ? [] : filePaths
  }

  return {
    async saveFile({ name, text }) {
      const file = await alone(null, () => whereTo(path.basename(name)))
      if (file === null) return { saved: null }
      await writeWhole(file, text).catch((cause: unknown) => {
        throw new AppError('desktop/save-failed', { details: { reason: fileTrouble(cause) }, cause })
      })
      folders.write('save', path.dirname(file))
      return { saved: path.basename(file) }
    },
    async openFiles() {
      const chosen = await alone([], whichFiles)
      const [first] = chosen
      if (first !== undefined) folders.write('open', path.dirname(first))
      const files: { name: string; bytes: Uint8Array }[] = []
      let left = LARGEST_FILE
      for (const file of chosen) {
        const bytes = await read(file, files.length === 0 ? null : left)
        left -= bytes.length
        files.push({ name: path.basename(file), bytes })
      }
      return files
    },
  }
}

/** `left` is what several files may still have together; null for the first of them. */
async function read(file: string, left: number | null): Promise<Uint8Array> {
  const refuse = (reason: string, cause?: unknown): AppError =>
    new AppError('desktop/read-failed', { details: { file: path.basename(file), reason }, cause })
  const bytes = await readUpTo(file, left ?? LARGEST_FILE).catch((cause: unknown) => {
    throw refuse(fileTrouble(cause), cause)
  })
  if (bytes === 'no-file') throw refuse('it is no file')
  if (bytes !== 'too-large') return bytes
  if (left !== null) throw refuse(`it and the others are larger than ${LARGEST_FILE / MB} MB together`)
  throw new AppError('import/too-large', { details: { most: MOST_FILE_CHARACTERS / 1_000_000 } })
}

function kindOf(name: string): Filter[] {
  const extension = path.extname(name).slice(1).toLowerCase()
  return extension === '' ? [] : [{ name: KINDS[extension] ?? `${extension.toUpperCase()} file`, extensions: [extension] }]
}

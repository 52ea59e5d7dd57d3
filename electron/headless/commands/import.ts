import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../../../shared/contract/errors.ts'
import { type ImportCounts, type ImportPreview, type ImportRow, MOST_FILE_CHARACTERS } from '../../../shared/contract/imports.ts'
import type { RequestOf } from '../../../shared/contract/routes.ts'
import type { BrokerId } from '../../../shared/domain/broker.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { momentWords } from '../moment.ts'
import { printTable } from '../table.ts'
import { type CommandContext, findAccount } from './context.ts'
import { unknownName } from './names.ts'

export interface ImportOptions {
  readonly file: string
  readonly broker: BrokerId
  /** An account there is: its id, or the end of its number. */
  readonly account: string | undefined
  /** The name of an account to make, with its number and currency. */
  readonly newAccount: string | undefined
  readonly number: string | undefined
  readonly currency: string
  /** Also keep rows nobody can read. */
  readonly unknown: boolean
  /** Also add rows in conflict, beside what they contradict. */
  readonly conflicts: boolean
  /** Import a file that names another account than the one it goes to. */
  readonly otherAccount: boolean
  readonly yes: boolean
}

const MOST_SHOWN = 20

/** `keelson import <file>`: shows what a file would add, and adds it once the user agrees. */
export async function importFile(context: CommandContext, options: ImportOptions): Promise<ExitCode> {
  const { client, terminal, json, signal } = context
  const text = await readText(options.file, signal)
  const account = await accountOf(context, options)
  if (account === null) return EXIT.usage
  const preview = await client.request(
    'imports.preview',
    { fileName: path.basename(options.file), text, broker: options.broker, environment: 'live', account },
    signal,
  )
  if (!json) describe(context, preview, options)
  if (options.yes && preview.accountMismatch && !options.otherAccount && !json) {
    terminal.err('To import it into this account all the same, add --other-account.')
  }
  const acceptOtherAccount = options.otherAccount || (!options.yes && preview.accountMismatch)
  if (!options.yes && !(await agreed(context, preview, options))) {
    if (json) terminal.out(JSON.stringify({ preview }))
    return EXIT.ok
  }
  const include = options.unknown ? 'new-and-unknown' : 'new'
  const commit = { previewId: preview.previewId, include, addConflicts: options.conflicts, acceptOtherAccount } as const
  const done = await client.request('imports.commit', commit, signal)
  if (json) terminal.out(JSON.stringify({ preview, imported: done }))
  else if (done.added === 0) terminal.out('Nothing new: no row was added.')
  else terminal.out(`Added ${rowsOf(done.added)} to ${done.accountId}. Take ${done.added === 1 ? 'it' : 'them'} back with: keelson imports --undo ${done.importId}`)
  return EXIT.ok
}

function rowsOf(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`
}

type Account = RequestOf<'imports.preview'>['account']

/** The account named, the one to make, or the only one of the broker; null when the user has to say which. */
async function accountOf(context: CommandContext, options: ImportOptions): Promise<Account | null> {
  const { client, terminal, signal } = context
  const { account, newAccount, number, currency, broker } = options
  // An account that was disconnected is on no list; its id still names it.
  if (account !== undefined && /^acc_[A-Za-z0-9-]{1,60}$/.test(account)) return { kind: 'existing', accountId: account }
  if (account !== undefined) return { kind: 'existing', accountId: (await findAccount(context, account, broker)).id }
  if (newAccount !== undefined && number !== undefined) return { kind: 'new', name: newAccount, number, currency }
  if (newAccount !== undefined) {
    terminal.err('A new account needs its number as well: --number <number>. Keelson keeps it only as a hash and its last digits.')
    return null
  }
  const connections = await client.request('connections.list', {}, signal)
  const accounts = connections.filter(one => one.broker === broker).flatMap(one => one.accounts)
  const [only] = accounts
  if (only && accounts.length === 1) return { kind: 'existing', accountId: only.id }
  terminal.err(
    'Which account does the file belong to? Name it with --account <id>, or make one with --new-account <name> --number <number>.',
  )
  for (const { id, name, maskedNumber } of accounts) terminal.err(`  ${id}  ${name} ${maskedNumber}`)
  return null
}

/** The text of a file. Throws import/no-file, import/empty and import/too-large. */
async function readText(file: string, signal: AbortSignal): Promise<string> {
  const bytes = await readFile(file, { signal }).catch((cause: unknown) => {
    if (signal.aborted) throw new AppError('app/canceled', { cause })
    throw new AppError('import/no-file', { details: { file: plain(file), reason: unreadableBecause(cause) }, cause })
  })
  const text = decode(bytes)
  if (text.trim() === '') throw new AppError('import/empty')
  if (text.length > MOST_FILE_CHARACTERS) throw new AppError('import/too-large', { details: { most: MOST_FILE_CHARACTERS / 1_000_000 } })
  return text
}

function unreadableBecause(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    ENOTDIR: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'this user may not read it',
    EPERM: 'this user may not read it',
  }
  return known[code] ?? code
}

/** UTF-8 or UTF-16 with its mark; anything else is read as the Windows code page that old statements are written in. */
function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** False when there is nothing to add or nobody could be asked. Throws app/canceled when the answer is no. */
async function agreed(
  { terminal, json }: CommandContext,
  { counts, addableConflicts, accountMismatch }: ImportPreview,
  { unknown, conflicts, otherAccount }: ImportOptions,
): Promise<boolean> {
  const adds = counts.new + (unknown ? counts.unknown : 0) + (conflicts ? addableConflicts : 0)
  if (adds === 0) {
    if (!json) terminal.out('Nothing new.')
    return false
  }
  if (json || !terminal.interactive) {
    if (!json) terminal.err('Nothing was imported yet. Add --yes to import.')
    return false
  }
  const into = accountMismatch && !otherAccount ? ' into this account, although the file names another' : ''
  if (!/^y(?:es)?$/i.test((await terminal.ask(`Import ${rowsOf(adds)}${into}? [y/N] `)).trim())) throw new AppError('app/canceled')
  return true
}

function describe(
  { terminal }: CommandContext,
  { format, counts, addableConflicts, rows, from, to, notes, unknownColumns, importedBefore }: ImportPreview,
  { conflicts }: ImportOptions,
): void {
  terminal.out(`${format}${from === null ? '' : `, ${from} to ${to}`}: ${words(counts)}`)
  if (importedBefore) terminal.err('This very file was imported before.')
  for (const note of notes) terminal.err(plain(note))
  if (unknownColumns.length > 0) terminal.err(`Keelson does not know: ${plain(unknownColumns.join(', '))}`)
  const doubtful = rows.filter(({ verdict }) => verdict === 'conflict' || verdict === 'unknown').slice(0, MOST_SHOWN)
  if (doubtful.length > 0) printTable(terminal, [HEADING, ...doubtful.map(line)], [0, 4, 5, 6])
  if (addableConflicts > 0 && !conflicts) terminal.err('Rows in conflict are left out. To add them beside what is there, add --conflicts.')
}

function words({ new: added, alreadyThere, conflict, unknown }: ImportCounts): string {
  return `${added} new, ${alreadyThere} already there, ${conflict} in conflict, ${unknown} unknown`
}

/** Words of a file without characters a terminal would obey, and not without end. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '').slice(0, MOST_WORDS)
}

const MOST_WORDS = 300
const HEADING = ['line', 'verdict', 'date', 'what', 'quantity', 'price', 'amount', 'the history says']

function line({ line: number, verdict, tradeDate, brokerType, side, symbol, quantity, price, amount, currency, history }: ImportRow): string[] {
  const what = plain([side ?? brokerType, symbol].filter(part => part !== null).join(' '))
  const money = amount === null ? '' : `${amount} ${currency}`
  return [String(number), verdict, tradeDate, what, quantity ?? '', price ?? '', money, history === null ? '' : says(history)]
}

/** `2024-03-05 10 at 170, -1700.05` */
function says({ tradeDate, quantity, price, amount }: NonNullable<ImportRow['history']>): string {
  const size = [tradeDate, quantity, price === null ? null : `at ${price}`].filter(part => part !== null).join(' ')
  return amount === null ? size : `${size}, ${amount}`
}

/** `keelson imports`: the files imported so far, or one of them taken back. */
export async function imports(
  { client, terminal, json, signal }: CommandContext,
  { undo }: { readonly undo: string | undefined },
): Promise<ExitCode> {
  if (undo !== undefined) {
    const all = await client.request('imports.list', {}, signal)
    const found = all.find(({ id }) => id === undo)
    const left = all.filter(({ undoneAt }) => undoneAt === null).map(({ id, fileName }) => `${id} (${plain(fileName)})`)
    if (!found) throw unknownName('import', undo, left)
    if (found.undoneAt !== null) throw new AppError('import/undone')
    const { removed } = await client.request('imports.undo', { importId: undo }, signal)
    terminal.out(json ? JSON.stringify({ importId: undo, removed }) : `Took back ${removed} rows.`)
    return EXIT.ok
  }
  const list = await client.request('imports.list', {}, signal)
  if (json) terminal.out(JSON.stringify({ imports: list }))
  else if (list.length === 0) terminal.out('No file was imported yet.')
  else
    printTable(
      terminal,
      [
        ['import', 'when', 'file', 'format', 'added', ''],
        ...list.map(one => [
          one.id,
          momentWords(one.createdAt, terminal),
          one.fileName,
          one.format,
          one.added === 0 ? 'nothing new' : String(one.added),
          one.undoneAt === null ? '' : 'taken back',
        ]),
      ],
      [4],
    )
  return EXIT.ok
}

import {
  copyFileSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs'
import Database from 'better-sqlite3'

/** One way a data folder can be wrong. It gets the path of a sound database without a log and of a copy of it elsewhere. */
export interface Corruption {
  readonly name: string
  /** True for what leaves every row readable, so that starting is right too. */
  readonly harmless?: boolean
  readonly make: (file: string, spare: string) => void
}

const PAGE = 4096

function bytes(at: number, ...values: readonly number[]): (file: string) => void {
  return file => {
    const descriptor = openSync(file, 'r+')
    writeSync(descriptor, Buffer.from(values), 0, values.length, at)
    closeSync(descriptor)
  }
}

function fill(at: number, length: number, value: number): (file: string) => void {
  return file => bytes(at, ...Array.from({ length }, () => value))(file)
}

function rootOf(file: string, table: string): number {
  const raw = new Database(file, { readonly: true })
  const page = Number(raw.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table))
  raw.close()
  return (page - 1) * PAGE
}

function table(name: string, value: number, length = PAGE): Corruption {
  return {
    name: `the page of ${name} is ${value === 0 ? 'empty' : 'noise'}${length === PAGE ? '' : ' in part'}`,
    make: file => fill(rootOf(file, name), length, value)(file),
  }
}

function otherProgram(file: string, text: string): void {
  rmSync(file)
  const raw = new Database(file)
  raw.exec(text)
  raw.close()
}

/** Statements SQLite itself would not let anybody run. */
function unsafely(file: string, text: string): void {
  const raw = new Database(file)
  raw.unsafeMode(true)
  raw.pragma('journal_mode = DELETE')
  raw.pragma('writable_schema = ON')
  raw.exec(text)
  raw.close()
}

/** A WAL header and some noise where frames would be. */
const NOISE_LOG = Buffer.concat([Buffer.from('377f0682002de218', 'hex'), Buffer.alloc(20_000, 0x5a)])

const HEADER: readonly Corruption[] = [
  { name: 'the magic is wrong', make: bytes(0, 0x58) },
  { name: 'the whole header is zero', make: fill(0, 100, 0) },
  { name: 'the whole header is noise', make: fill(0, 100, 0x5a) },
  { name: 'the first page is zero', make: fill(0, PAGE, 0) },
  { name: 'the page size is absurd', make: bytes(16, 0x7f, 0x7f) },
  { name: 'the page size is another one', make: bytes(16, 0x02, 0x00) },
  { name: 'the write format is unknown', make: bytes(18, 0x09) },
  { name: 'the read format is unknown', make: bytes(19, 0x09) },
  { name: 'the reserved space is absurd', make: bytes(20, 0xff) },
  { name: 'the payload fractions are wrong', make: bytes(21, 0x01, 0x02, 0x03) },
  { name: 'the size in pages is too large', make: bytes(28, 0x00, 0x10, 0x00, 0x00) },
  { name: 'the free list points outside', make: bytes(32, 0x00, 0x0f, 0xff, 0xff) },
  { name: 'the free list is longer than it is', make: bytes(36, 0x00, 0x00, 0x00, 0x40) },
  { name: 'the schema format is unknown', make: bytes(44, 0x00, 0x00, 0x00, 0x63) },
  { name: 'the text encoding is unknown', make: bytes(56, 0x00, 0x00, 0x00, 0x09) },
  { name: 'the application id is zero', make: bytes(68, 0, 0, 0, 0) },
  { name: "the application id is another program's", make: bytes(68, 0x0f, 0x05, 0x51, 0x12) },
  { name: 'the version is from the future', make: bytes(60, 0x00, 0x00, 0x03, 0xe7) },
  { name: 'the version is zero', make: bytes(60, 0, 0, 0, 0) },
  { name: 'the version is an older one', make: bytes(60, 0, 0, 0, 3) },
]

const LENGTH: readonly Corruption[] = [
  { name: 'the file is empty beside a log', make: (file, spare) => (truncateSync(file, 0), copyFileSync(spare, `${file}-wal`)) },
  { name: 'the file is gone beside a log', make: file => (rmSync(file), writeFileSync(`${file}-wal`, NOISE_LOG)) },
  { name: 'the file is one byte long', make: file => truncateSync(file, 1) },
  { name: 'the file is cut inside its header', make: file => truncateSync(file, 60) },
  { name: 'the file is cut after its first page', make: file => truncateSync(file, PAGE) },
  { name: 'the file is cut in half', make: file => truncateSync(file, Math.floor(readFileSync(file).length / 2 / PAGE) * PAGE) },
  { name: 'the file is cut in the middle of a page', make: file => truncateSync(file, readFileSync(file).length - 1000) },
  { name: 'the last page is missing', make: file => truncateSync(file, readFileSync(file).length - PAGE) },
  { name: 'noise follows the last page', make: file => writeFileSync(file, Buffer.alloc(1000, 0x5a), { flag: 'a' }) },
]

const KIND: readonly Corruption[] = [
  { name: 'it is a folder', make: file => (rmSync(file), mkdirSync(file)) },
  { name: 'it is a link to nothing', make: file => (rmSync(file), symlinkSync('/nonexistent/keelson.db', file)) },
  { name: 'it is a link to a database elsewhere', make: (file, spare) => (rmSync(file), symlinkSync(spare, file)) },
  { name: 'it is text', make: file => writeFileSync(file, 'not a database\n'.repeat(1000)) },
  {
    name: 'it is a picture',
    make: file => writeFileSync(file, Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(8184, 7)])),
  },
  { name: 'it is all zeros', make: file => writeFileSync(file, Buffer.alloc(20 * PAGE)) },
  {
    name: "it is another program's database",
    make: file => otherProgram(file, 'CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT)'),
  },
  {
    name: 'it is another database with the same tables',
    make: file => otherProgram(file, 'CREATE TABLE connections (id TEXT); CREATE TABLE tokens (id TEXT)'),
  },
  { name: 'a log of noise lies beside it', harmless: true, make: file => writeFileSync(`${file}-wal`, NOISE_LOG) },
  { name: 'an empty log lies beside it', harmless: true, make: file => writeFileSync(`${file}-wal`, '') },
  {
    name: 'a shared index of noise lies beside it',
    harmless: true,
    make: file => writeFileSync(`${file}-shm`, Buffer.alloc(32_768, 0x5a)),
  },
  { name: 'it has a second name', harmless: true, make: (file, spare) => (rmSync(spare), linkSync(file, spare)) },
  {
    name: 'it was moved away under its log',
    make: (file, spare) => (renameSync(file, `${spare}.moved`), writeFileSync(`${file}-wal`, NOISE_LOG)),
  },
]

const CONTENT: readonly Corruption[] = [
  ...['meta', 'connections', 'tokens', 'secrets', 'data_keys'].map(name => table(name, 0x5a)),
  table('accounts', 0),
  table('secrets', 0, 200),
  { name: 'an index does not fit its table', make: file => fill(rootOf(file, 'notices_created'), PAGE, 0xff)(file) },
  {
    name: 'the schema names a page outside',
    make: file => unsafely(file, "UPDATE sqlite_schema SET rootpage = 99999 WHERE name = 'accounts'"),
  },
  {
    name: 'two tables share a page',
    make: file =>
      unsafely(
        file,
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'meta') WHERE name = 'accounts'",
      ),
  },
  {
    name: 'the schema cannot be read',
    make: file => unsafely(file, "UPDATE sqlite_schema SET sql = 'CREATE TABLE accounts (' WHERE name = 'accounts'"),
  },
  { name: 'a table is missing in the schema', make: file => unsafely(file, "DELETE FROM sqlite_schema WHERE name = 'secrets'") },
]

/** Fifty and more. */
export const CORRUPTIONS: readonly Corruption[] = [...HEADER, ...LENGTH, ...KIND, ...CONTENT]

import type Database from 'better-sqlite3'
import { translate } from './failure.ts'
import type { Sql, SqlValue } from './sql.ts'

/** One row as SQLite gives it; store row readers make it a domain value. */
export type Row = Readonly<Record<string, SqlValue>>

/** May look. */
export interface Reader {
  all(query: Sql): Row[]
  get(query: Sql): Row | undefined
  /** Rows one at a time, for long results. The connection cannot be used for anything else until it ends. */
  iterate(query: Sql): IterableIterator<Row>
}

/** May change. */
export interface Writer extends Reader {
  run(query: Sql): { readonly changes: number }
  /**
   * Runs `fn` in one transaction that takes the write lock at once (BEGIN IMMEDIATE); throwing undoes everything.
   * Inside another transaction it is a savepoint of it.
   */
  tx<T>(fn: (writer: Writer) => T): T
  /** Runs literal statements without values. */
  exec(text: string): void
  /** A prepared statement for tight loops that bind by position. */
  prepare(text: string): Database.Statement<unknown[], unknown>
}

export interface Db {
  readonly reader: Reader
  readonly writer: Writer
  readonly raw: Database.Database
  close(): void
}

const STATEMENTS = 200

/** Wraps a connection: cached statements, transactions, and failures by name (app/disk-full, app/data-damaged, app/busy). */
export function createDb(raw: Database.Database): Db {
  const statement = statementCache(raw)
  const reader: Reader = {
    all: query => translate(() => statement(query.text).all(...query.values) as Row[]),
    get: query => translate(() => statement(query.text).get(...query.values) as Row | undefined),
    iterate: query => translate(() => statement(query.text).iterate(...query.values) as IterableIterator<Row>),
  }
  const writer: Writer = {
    ...reader,
    run: query => translate(() => ({ changes: statement(query.text).run(...query.values).changes })),
    tx: fn => translate(() => (raw.inTransaction ? inSavepoint(raw, writer, fn) : inTransaction(raw, writer, fn))),
    exec: text => translate(() => void raw.exec(text)),
    prepare: statement,
  }
  return { reader, writer, raw, close: () => raw.close() }
}

function statementCache(raw: Database.Database): (text: string) => Database.Statement<unknown[], unknown> {
  const known = new Map<string, Database.Statement<unknown[], unknown>>()
  return text => {
    const found = known.get(text)
    if (found && !found.busy) return found
    const made = raw.prepare<unknown[], unknown>(text)
    if (found) return made
    if (known.size >= STATEMENTS) known.delete(known.keys().next().value ?? '')
    known.set(text, made)
    return made
  }
}

function inTransaction<T>(raw: Database.Database, writer: Writer, fn: (writer: Writer) => T): T {
  writer.prepare('BEGIN IMMEDIATE').run()
  try {
    const result = fn(writer)
    writer.prepare('COMMIT').run()
    return result
  } finally {
    // A full disk may have rolled back already.
    if (raw.inTransaction) raw.exec('ROLLBACK')
  }
}

function inSavepoint<T>(raw: Database.Database, writer: Writer, fn: (writer: Writer) => T): T {
  writer.prepare('SAVEPOINT step').run()
  let done = false
  try {
    const result = fn(writer)
    done = true
    return result
  } finally {
    if (raw.inTransaction && !done) raw.exec('ROLLBACK TO step; RELEASE step')
    else if (raw.inTransaction) writer.prepare('RELEASE step').run()
  }
}

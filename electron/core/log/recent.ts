import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { Instant } from '../../../shared/domain/time.ts'
import type { LogLevel, LogRecord, LogSink } from '../ports.ts'
import type { LogField } from './redact.ts'

/** The records of this run, the newest few of them. */
export interface RecentLog {
  readonly sink: LogSink
  records(): readonly LogRecord[]
}

const LEVELS: ReadonlySet<string> = new Set(['debug', 'info', 'warn', 'error'])
const TAIL_BYTES = 262_144

/** Passes records on and remembers the last `keep` of them. */
export function createRecentLog(sink: LogSink, keep: number): RecentLog {
  const kept: LogRecord[] = []
  return {
    sink(record) {
      kept.push(record)
      if (kept.length > keep) kept.shift()
      sink(record)
    },
    records: () => kept,
  }
}

/** The last records of a log file of JSON lines, oldest first. Lines that are no records are left out; without a file there are none. */
export function readLogTail(file: string, keep: number): LogRecord[] {
  return tailOf(file)
    .split('\n')
    .map(readLine)
    .filter(record => record !== null)
    .slice(-keep)
}

function tailOf(file: string): string {
  try {
    const descriptor = openSync(file, 'r')
    try {
      const { size } = fstatSync(descriptor)
      const length = Math.min(size, TAIL_BYTES)
      const bytes = Buffer.alloc(length)
      readSync(descriptor, bytes, 0, length, size - length)
      return bytes.toString('utf8')
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return ''
  }
}

function readLine(line: string): LogRecord | null {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null) return null
    const { at, level, event, fields } = { at: null, level: null, event: null, fields: null, ...value }
    if (typeof at !== 'string' || !Instant.is(at) || typeof event !== 'string' || !isLevel(level)) return null
    return { at, level, event, fields: typeof fields === 'object' && fields !== null ? fieldsOf(fields) : {} }
  } catch {
    return null
  }
}

function fieldsOf(value: object): LogRecord['fields'] {
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, LogField] => isField(entry[1])))
}

function isLevel(value: unknown): value is LogLevel {
  return typeof value === 'string' && LEVELS.has(value)
}

function isField(value: unknown): value is LogField {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

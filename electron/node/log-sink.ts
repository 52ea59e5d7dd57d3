import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'
import path from 'node:path'
import type { LogRecord, LogSink } from '../core/ports.ts'
import { makePrivateFolder } from './private-file.ts'

export interface LogFileOptions {
  readonly folder: string
  /** A file is set aside once it has this many bytes. */
  readonly maxBytes?: number
  /** How many set-aside files are kept. */
  readonly keep?: number
}

const MAX_BYTES = 4 * 1024 * 1024
const KEEP = 3

/**
 * Writes records as JSON lines to `keelson.log` in a folder (0700, files 0600), older ones to `keelson.1.log` and so on.
 * The file is made with the first record. A log that cannot be written is given up silently: it must not stop the app.
 */
export function createLogFile({ folder, maxBytes = MAX_BYTES, keep = KEEP }: LogFileOptions): LogSink {
  const name = (index: number): string => path.join(folder, index === 0 ? 'keelson.log' : `keelson.${index}.log`)
  let open: { fd: number; size: number } | null = null

  function openFile(): { fd: number; size: number } {
    makePrivateFolder(folder)
    const fd = openSync(name(0), 'a', 0o600)
    return { fd, size: fstatSync(fd).size }
  }

  function rotate(fd: number): { fd: number; size: number } {
    closeSync(fd)
    open = null
    for (let index = keep - 1; index >= 0; index -= 1) moveIfThere(name(index), name(index + 1))
    return openFile()
  }

  return record => {
    const line = `${JSON.stringify(record)}\n`
    try {
      let file = open ?? openFile()
      if (file.size > 0 && file.size + line.length > maxBytes) file = rotate(file.fd)
      file.size += writeSync(file.fd, line)
      open = file
    } catch {
      open = null
    }
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch {
    // Nothing to set aside.
  }
}

/** Writes records to standard error in a short readable form, for `--verbose`. */
export function createLogStderr(write: (text: string) => void): LogSink {
  return record => write(`${formatRecord(record)}\n`)
}

function formatRecord({ at, level, event, fields }: LogRecord): string {
  const pairs = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? JSON.stringify(value) : String(value)}`,
  )
  return [at, level, event, ...pairs].join(' ')
}

/** Passes each record to several sinks. */
export function joinSinks(...sinks: readonly LogSink[]): LogSink {
  return record => {
    for (const sink of sinks) sink(record)
  }
}

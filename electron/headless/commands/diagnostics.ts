import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { AppError } from '../../../shared/contract/errors.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import type { CommandContext } from './context.ts'

export interface DiagnosticsOptions {
  /** A new file to write to; printed without. */
  readonly out: string | undefined
}

/**
 * `keelson diagnostics`: prints what may be handed on, or writes exactly that to a new file only its owner can read. Throws
 * app/file-exists and app/file-unwritable; a file that was there stays as it was.
 */
export async function diagnostics({ client, terminal, json, signal }: CommandContext, { out }: DiagnosticsOptions): Promise<ExitCode> {
  const { text, bytes } = await client.request('diagnostics.preview', {}, signal)
  if (out === undefined) {
    terminal.out(text.trimEnd())
    return EXIT.ok
  }
  writeNew(out, text)
  terminal.out(json ? JSON.stringify({ file: out, bytes }) : `Written to ${out}. Read it before you hand it on.`)
  return EXIT.ok
}

function writeNew(file: string, text: string): void {
  const descriptor = openNew(file)
  try {
    writeFileSync(descriptor, text)
  } catch (cause) {
    rmSync(file, { force: true })
    throw unwritable(file, cause)
  } finally {
    closeSync(descriptor)
  }
}

function openNew(file: string): number {
  try {
    return openSync(file, 'wx', 0o600)
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') throw new AppError('app/file-exists', { details: { file }, cause })
    throw unwritable(file, cause)
  }
}

function unwritable(file: string, cause: unknown): AppError {
  return new AppError('app/file-unwritable', { details: { file, reason: codeOf(cause) ?? 'no reason given' }, cause })
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
}

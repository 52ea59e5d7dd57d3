import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

/** Answers `{status, name, subject}` of the Authenticode signature of the file a variable names; status 0 is a valid one. */
const SCRIPT = [
  '$ErrorActionPreference = "Stop"',
  '[Console]::OutputEncoding = [Text.Encoding]::UTF8',
  '$s = Get-AuthenticodeSignature -LiteralPath $env:KEELSON_UPDATE_FILE',
  '$c = $s.SignerCertificate',
  '$name = if ($c) { $c.GetNameInfo("SimpleName", $false) } else { "" }',
  '$subject = if ($c) { $c.Subject } else { "" }',
  '@{ status = [int]$s.Status; path = $s.Path; name = $name; subject = $subject } | ConvertTo-Json -Compress',
].join('; ')

const AnswerSchema = z.object({ status: z.int(), path: z.string(), name: z.string(), subject: z.string() })

/** Runs a script of PowerShell and answers what it printed. */
export type RunPowerShell = (script: string, env: Readonly<Record<string, string>>) => Promise<string>

/**
 * Whether a program of Windows is signed by one of the publishers, given by their common name or their whole subject. The check that
 * comes with electron-updater lets a file pass when PowerShell cannot be run; this one lets nothing pass it could not read.
 */
export async function isSignedBy(publishers: readonly string[], file: string, run: RunPowerShell = runPowerShell): Promise<boolean> {
  try {
    const { status, path: checked, name, subject } = AnswerSchema.parse(JSON.parse(await run(SCRIPT, { KEELSON_UPDATE_FILE: file })))
    if (status !== 0 || path.win32.normalize(checked) !== path.win32.normalize(file)) return false
    return publishers.some(publisher => publisher !== '' && (publisher === name || publisher === subject))
  } catch {
    return false
  }
}

async function runPowerShell(script: string, env: Readonly<Record<string, string>>): Promise<string> {
  const program = path.win32.join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32\\WindowsPowerShell\\v1.0\\powershell.exe')
  const args = ['-NoProfile', '-NonInteractive', '-InputFormat', 'None', '-ExecutionPolicy', 'Bypass', '-Command', script]
  // Modules of other versions of PowerShell in the path would break the one that checks.
  const options = { env: { ...process.env, ...env, PSModulePath: '' }, timeout: 60_000, windowsHide: true }
  return (await promisify(execFile)(program, args, options)).stdout
}

import { rmSync } from 'node:fs'
import path from 'node:path'
import { readIfThere, writePrivateFile } from '../node/private-file.ts'

/** How local programs reach the host that runs on a data folder. The file is private to the user (0600). */
export interface HostFile {
  readonly pid: number
  readonly port: number
  /** The bearer token of this run. */
  readonly token: string
  readonly startedAt: string
}

const HOST_FILE = 'host.json'
/** Of a command that answers others while it waits; it is no host. */
export const COMMAND_FILE = 'command.json'

/** The file a host left here; null when there is none or it cannot be read. The host may be gone. */
export function readHostFile(dataDir: string, name = HOST_FILE): HostFile | null {
  const text = readIfThere(path.join(dataDir, name))
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    return isHostFile(value) ? value : null
  } catch {
    return null
  }
}

export function writeHostFile(dataDir: string, host: HostFile, name = HOST_FILE): void {
  writePrivateFile(path.join(dataDir, name), `${JSON.stringify(host)}\n`)
}

/** Takes the file away, unless another host has written its own since. */
export function removeHostFile(dataDir: string, token: string, name = HOST_FILE): void {
  if (readHostFile(dataDir, name)?.token === token) rmSync(path.join(dataDir, name), { force: true })
}

/** Whether a process with this id exists; one of another user counts. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM'
  }
}

function isHostFile(value: unknown): value is HostFile {
  if (typeof value !== 'object' || value === null) return false
  const field = (name: string): unknown => Reflect.get(value, name)
  const port = field('port')
  return (
    Number.isSafeInteger(field('pid')) &&
    typeof port === 'number' &&
    Number.isSafeInteger(port) &&
    port > 0 &&
    port < 65_536 &&
    typeof field('token') === 'string' &&
    typeof field('startedAt') === 'string'
  )
}

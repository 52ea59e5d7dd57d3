import type { Browser } from '../../core/ports.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { processExists, readHostFile } from '../host-file.ts'
import { askForLink } from '../running-host.ts'
import type { Terminal } from '../terminal.ts'

export interface OpenOptions {
  readonly dataDir: string
  readonly open: boolean
  readonly json: boolean
}

/** `keelson open`: a fresh one-time link to the host that runs on this data folder. */
export async function open(terminal: Terminal, browser: Browser, { dataDir, open: openIt, json }: OpenOptions): Promise<ExitCode> {
  const host = readHostFile(dataDir)
  const link = host && processExists(host.pid) ? await askForLink(host) : null
  if (json) terminal.out(JSON.stringify({ link }))
  if (link === null) {
    terminal.err(`No Keelson runs on ${dataDir}. Start one with \`keelson serve\`.`)
    return EXIT.failed
  }
  if (!json) terminal.out(link)
  if (openIt) await browser.open(link)
  return EXIT.ok
}

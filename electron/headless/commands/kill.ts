import path from 'node:path'
import { KILL_FILE } from '../../../shared/contract/orders.ts'
import { writePrivateFile } from '../../node/private-file.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { describeFailure, sentenceOf } from '../failure.ts'
import type { HostCore } from '../host-core.ts'
import type { Terminal } from '../terminal.ts'
import { createClient } from '../wire.ts'
import type { CommandContext } from './context.ts'

export interface KillDeps {
  readonly dataDir: string
  readonly terminal: Terminal
  readonly json: boolean
  readonly signal: AbortSignal
  readonly now: () => string
  /** The core of the host that runs on the folder; null when none does. */
  readonly running: () => Promise<HostCore | null>
}

/**
 * `keelson kill`: stops every new order, everywhere. The file that does it is written before anything else is asked, so it needs neither
 * a running host, nor an open vault, nor the app lock's passphrase; a host that runs stops what is on its way as well. Where the file
 * cannot be written, as on a full disk, such a host stops all the same. Throws only when neither could be done.
 */
export async function kill({ dataDir, terminal, json, signal, now, running }: KillDeps): Promise<ExitCode> {
  const unwritten = written(path.join(dataDir, KILL_FILE), JSON.stringify({ since: now(), by: 'cli' }))
  const told = await tell(running, signal)
  if (unwritten !== null && told !== '') throw unwritten
  if (json) terminal.out(JSON.stringify({ killed: true, host: told === null ? 'none' : told === '' ? 'told' : 'not told' }))
  else
    terminal.out(
      `The kill switch is on: no order is sent until you take it back (keelson rearm). Cancel still works.${told === null ? ' Keelson does not run now.' : ''}`,
    )
  if (told !== null && told !== '') terminal.err(`The Keelson that runs did not answer, but looks at the switch before each order: ${told}`)
  return EXIT.ok
}

/** Null when it was; else why not. */
function written(file: string, text: string): Error | null {
  try {
    writePrivateFile(file, text)
    return null
  } catch (cause) {
    return cause instanceof Error ? cause : new Error('the file could not be written', { cause })
  }
}

/** Null without a host; else why it could not be told, or nothing. */
async function tell(running: KillDeps['running'], signal: AbortSignal): Promise<string | null> {
  try {
    const host = await running()
    if (host === null) return null
    try {
      await createClient(host).request('orders.kill', { by: 'cli' }, signal)
      return ''
    } finally {
      await host.close()
    }
  } catch (cause) {
    return sentenceOf(describeFailure(cause))
  }
}

/** `keelson rearm`: takes the kill switch back, once the word TRADE was typed. */
export async function rearm(
  { client, terminal, json, signal }: CommandContext,
  { phrase }: { readonly phrase: string | undefined },
): Promise<ExitCode> {
  if (phrase === undefined && !terminal.interactive) {
    terminal.err('Add --phrase TRADE to take the kill switch back.')
    return EXIT.usage
  }
  const typed = phrase ?? (await terminal.ask('Type TRADE to let orders go again: '))
  await client.request('orders.rearm', { phrase: typed.trim().slice(0, 20) }, signal)
  terminal.out(json ? JSON.stringify({ killed: false }) : 'The kill switch is off: orders go again.')
  return EXIT.ok
}

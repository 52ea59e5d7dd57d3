import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { type Authority, startAuthority } from './support/authority.ts'
import { type Child, startChild } from './support/child.ts'
import { tortureFolder } from './support/folder.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'
import { saidNumber, saidText } from './support/said.ts'

type Way = 'tmpfs' | 'limit'
type Moment = 'intent' | 'commit'

interface Tally {
  rounds: number
  /** Requests sent although the intent could not be written. */
  requests: number
  /** Answers that were saved while the disk was still full. */
  savedAtOnce: number
  lost: number
  failures: string[]
}

/**
 * R7: the disk is full, or refuses every write, before the intent of a refresh or between the answer and its commit; the broker takes
 * each refresh token once. Without an intent nobody is asked; an answer is saved from the room that is kept for it, or from memory as
 * soon as there is room, without a second request.
 */
export async function torture({ fast }: TortureOptions): Promise<TortureResult[]> {
  const began = performance.now()
  const rounds = fast ? 5 : 100
  const tally: Tally = { rounds: 0, requests: 0, savedAtOnce: 0, lost: 0, failures: [] }
  const ways: Way[] = []
  if (offers('unshare', ['-Urm', 'true'])) ways.push('tmpfs')
  if (offers('prlimit', ['--fsize'])) ways.push('limit')
  for (const way of ways) await fillUp(way, rounds, tally)
  const { failures } = tally
  const note = `${ways.map(named).join(' and ')}, ${rounds} times each before the intent and before the commit: ${tally.requests} requests without an intent, ${tally.savedAtOnce} answers saved into the room kept for them, the others from memory, ${tally.lost} sign-ins lost`
  return [
    judge(
      {
        id: 'R7',
        runs: tally.rounds,
        lost: tally.lost,
        value: tally.requests + tally.lost,
        unit: 'requests without an intent, and sign-ins lost',
        note,
        failures,
      },
      began,
    ),
  ]
}

function named(way: Way): string {
  return way === 'tmpfs' ? 'a full file system' : 'every write refused (EFBIG, which SQLite takes for an I/O error)'
}

function offers(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}

async function fillUp(way: Way, rounds: number, tally: Tally): Promise<void> {
  using folder = tortureFolder(`full-${way}`)
  await using authority = await startAuthority('strict')
  const data = path.join(folder.path, 'data')
  mkdirSync(data)
  const mount = ['unshare', '-Urm', 'sh', '-c', `mount -t tmpfs -o size=24m tmpfs "${data}" && exec "$@"`, 'sh']
  const child = startChild('fuller.ts', [data, authority.origin, way], way === 'tmpfs' ? { through: mount } : {})
  if ((await child.next()) === null) throw new Error(`${way}: ${child.complaint()}`)
  child.tell(authority.signIn())
  await child.next()
  for (const moment of ['intent', 'commit'] as const)
    for (let round = 0; round < rounds; round += 1) await once(child, authority, { way, moment, round }, tally)
  child.strike('SIGKILL')
  await child.ended
}

async function once(
  child: Child,
  authority: Authority,
  { way, moment, round }: { readonly way: Way; readonly moment: Moment; readonly round: number },
  tally: Tally,
): Promise<void> {
  const before = authority.requests
  child.tell({ moment })
  const full = await child.next()
  const asked = authority.requests - before
  const after = await child.next()
  const where = `${way}, ${moment}, round ${round}: ${JSON.stringify([full, after])}, ${authority.requests - before} requests ${child.complaint().slice(0, 200)}`
  tally.rounds += 1
  if (moment === 'intent') {
    tally.requests += asked
    if (saidText(full, 'full') !== 'app/disk-full') tally.failures.push(`not told that the disk is full: ${where}`)
  } else if (saidText(full, 'full') === 'ok') tally.savedAtOnce += 1
  else if (saidText(full, 'full') !== 'app/disk-full') tally.failures.push(`not told that the disk is full: ${where}`)
  if (moment === 'commit' && way === 'tmpfs' && saidText(full, 'full') !== 'ok')
    tally.failures.push(`the room kept for it did not do: ${where}`)
  if (saidText(after, 'state') !== 'connected') tally.lost += 1
  if (saidText(after, 'after') !== 'ok' || saidText(after, 'integrity') !== 'ok') tally.failures.push(`not well with room again: ${where}`)
  if (saidNumber(after, 'generation') !== 1 + authority.requests) tally.failures.push(`an answer was not kept: ${where}`)
}

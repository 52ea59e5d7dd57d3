import { grant, openDesk, realClock } from './support/desk.ts'
import { type Authority, startAuthority } from './support/authority.ts'
import { type Child, startChild } from './support/child.ts'
import { tortureFolder } from './support/folder.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'
import { saidNumber, saidText } from './support/said.ts'

interface Crowd {
  readonly processes: number
  /** Callers in each process. */
  readonly callers: number
  readonly expiries: number
}

interface Met {
  readonly requests: number
  readonly replays: number
  readonly failures: readonly string[]
}

/**
 * R3: eight processes on one data folder, a thousand callers between them, a hundred and twenty-five expiries; then a thousand callers
 * in one process. The broker takes each refresh token once: one request for each expiry, no replay, everybody ends on the live token.
 */
export async function torture({ fast }: TortureOptions): Promise<TortureResult[]> {
  const began = performance.now()
  const spread: Crowd = { processes: 8, callers: 125, expiries: fast ? 10 : 125 }
  const single: Crowd = { processes: 1, callers: 1000, expiries: fast ? 3 : 25 }
  const crowds = [await gather(spread), await gather(single)]
  const expiries = spread.expiries + single.expiries
  const requests = crowds.reduce((sum, met) => sum + met.requests, 0)
  const replays = crowds.reduce((sum, met) => sum + met.replays, 0)
  const failures = crowds.flatMap(met => met.failures)
  const note = `${requests} requests for ${expiries} expiries asked by 1000 callers each, ${replays} replays`
  const value = Math.abs(requests - expiries) + replays
  return [
    judge({ id: 'R3', runs: expiries, lost: replays, value, unit: 'requests too many or too few, and replays', note, failures }, began),
  ]
}

async function gather({ processes, callers, expiries }: Crowd): Promise<Met> {
  using folder = tortureFolder('crowd')
  await using authority = await startAuthority('strict')
  let dead = await signIn(folder.path, authority)
  const children: Child[] = Array.from({ length: processes }, () => startChild('caller.ts', [folder.path, authority.origin]))
  await Promise.all(children.map(child => child.next()))
  const failures: string[] = []
  for (let expiry = 1; expiry <= expiries; expiry += 1) {
    authority.expire()
    const answers = await Promise.all(
      children.map(child => {
        child.tell({ callers, dead })
        return child.next()
      }),
    )
    const odd = answers.find(answer => saidNumber(answer, 'tokens') !== 1 || saidText(answer, 'statuses') !== '200')
    if (odd !== undefined || authority.requests !== expiry)
      failures.push(`expiry ${expiry}, ${processes} processes: ${authority.requests} requests, ${JSON.stringify(odd ?? null)}`)
    dead = authority.current()
  }
  for (const child of children) child.strike('SIGKILL')
  await Promise.all(children.map(child => child.ended))
  return { requests: authority.requests, replays: authority.replays, failures }
}

async function signIn(folder: string, authority: Authority): Promise<string> {
  const desk = await openDesk({ folder, origin: authority.origin })
  const pair = authority.signIn()
  desk.tokens.save(desk.connection.id, grant(pair, realClock.now()), { signInBy: null })
  await desk.close()
  return pair.access
}

import { killInRefreshes } from './support/kills.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'

/**
 * R1: kill -9 in the middle of refreshes, against a broker that keeps refresh tokens and one that replaces them and forgives for a
 * minute. No sign-in is lost, no file is torn, nothing that was reported saved is undone.
 */
export async function torture({ fast, seed }: TortureOptions): Promise<TortureResult[]> {
  const began = performance.now()
  const runs = fast ? 30 : 1000
  const keeps = await killInRefreshes({ model: 'keeps', signal: 'SIGKILL', order: 'real', runs, seed })
  const grace = await killInRefreshes({ model: 'grace', signal: 'SIGKILL', order: 'real', runs, seed: seed + 1 })
  const lost = keeps.lost + grace.lost
  const value = lost + keeps.corrupt + grace.corrupt + keeps.undone + grace.undone
  const note = `${keeps.inFlight} and ${grace.inFlight} of the kills hit a request; ${lost} re-logins, ${keeps.corrupt + grace.corrupt} corrupt files, ${keeps.undone + grace.undone} acknowledged refreshes undone`
  const failures = [...keeps.failures, ...grace.failures]
  return [
    judge(
      { id: 'R1', runs: keeps.kills + grace.kills, lost, value, unit: 're-logins, corrupt files and undone commits', note, failures },
      began,
    ),
  ]
}

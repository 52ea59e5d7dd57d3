import { killInRefreshes } from './support/kills.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'

/**
 * R2: the same against a broker that takes each refresh token once and ends the session of whoever repeats it. A kill may cost the
 * sign-in; each loss says so. Ended in order (SIGTERM), nothing is lost. And a client that saves later must fail here, or nothing is
 * proven.
 */
export async function torture({ fast, seed }: TortureOptions): Promise<TortureResult[]> {
  const began = performance.now()
  const runs = fast ? 30 : 1000
  const killed = await killInRefreshes({ model: 'strict', signal: 'SIGKILL', order: 'real', runs, seed })
  const asked = await killInRefreshes({ model: 'strict', signal: 'SIGTERM', order: 'real', runs, seed: seed + 1 })
  const naive = await killInRefreshes({ model: 'strict', signal: 'SIGKILL', order: 'naive', runs: fast ? 20 : 300, seed: seed + 2 })
  const failures = [...killed.failures, ...asked.failures]
  const unexplained = killed.lost - killed.explained
  const naiveUnexplained = naive.lost - naive.explained
  if (naiveUnexplained === 0) failures.push('the control lost nothing unexplained: the harness does not bite')
  if (killed.lost === 0) failures.push('no kill cost a sign-in at a strict broker: the harness does not bite')
  const value = unexplained + asked.lost + killed.corrupt + asked.corrupt + killed.undone + asked.undone
  const note = `kill -9: ${killed.lost} of ${killed.kills} lost, ${killed.explained} explained; SIGTERM: ${asked.lost} of ${asked.kills} lost; control in the naive order: ${naiveUnexplained} of ${naive.kills} lost unexplained`
  const unit = 'unexplained losses, losses by SIGTERM, corrupt files and undone commits'
  return [judge({ id: 'R2', runs: killed.kills + asked.kills, lost: killed.lost + asked.lost, value, unit, note, failures }, began)]
}

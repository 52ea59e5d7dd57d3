import { spawn } from 'node:child_process'
import path from 'node:path'
import { benchFolder } from './support/bench-desk.ts'
import { builtCommand, ended, startHost, statusOf } from './support/host-process.ts'
import { loadedAtFirstRequest } from './support/loaded-modules.ts'
import { alternate, type BenchResult, judge, quantile } from './support/measure.ts'

const ROUNDS = 21

/**
 * A1: from starting the built command to the answer to its first request, against the whole life of a Node that does nothing.
 * A2: how many libraries it has loaded by then.
 */
export async function measure(): Promise<BenchResult[]> {
  builtCommand()
  await timeToServe()
  const { baseline, subject } = await alternate(ROUNDS, bareNode, timeToServe)
  // The quieter quarter of the rounds: a start is passed back and forth between processes, which waits for a busy machine each time.
  const [base, start] = [quantile(baseline, 0.25), quantile(subject, 0.25)]
  const { libraries, files } = await loadedAtFirstRequest()
  return [
    judge({ id: 'A1', unit: 'x of bare node', floor: 2, goal: 1.5 }, start / base, `${start.toFixed(1)} of ${base.toFixed(1)} ms`),
    {
      ...judge(
        { id: 'A2', unit: 'libraries loaded', floor: 0, goal: 0 },
        libraries.length,
        libraries.join(', ') || `of our files ${files}`,
      ),
      pass: libraries.length === 0,
    },
  ]
}

async function bareNode(): Promise<number> {
  const began = performance.now()
  await ended(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }))
  return performance.now() - began
}

async function timeToServe(): Promise<number> {
  using folder = benchFolder()
  const began = performance.now()
  const host = await startHost({ dataDir: path.dirname(folder.file) })
  const status = await statusOf(host.link)
  const ms = performance.now() - began
  host.process.kill('SIGKILL')
  await ended(host.process)
  if (status !== 303) throw new Error(`the host answered ${status}`)
  return ms
}

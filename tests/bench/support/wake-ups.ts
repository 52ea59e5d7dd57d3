import { readdirSync, readFileSync } from 'node:fs'
import { statusField } from './host-process.ts'

export interface Activity {
  /** Times any thread went to sleep and woke again. */
  readonly wakeUps: number
  readonly cpuMs: number
}

/** What each thread of a process has done so far, by its id. */
export function threadsOf(pid: number | undefined): Map<string, Activity> {
  const nanoseconds = (task: string): number => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0])
  return new Map(
    readdirSync(`/proc/${pid}/task`).map(task => [
      task,
      { wakeUps: statusField(pid, 'voluntary_ctxt_switches', task), cpuMs: nanoseconds(task) / 1e6 },
    ]),
  )
}

/** The same of all threads there are now. */
export function activityOf(pid: number | undefined): Activity {
  const threads = [...threadsOf(pid).values()]
  const sum = (field: keyof Activity): number => threads.reduce((total, thread) => total + thread[field], 0)
  return { wakeUps: sum('wakeUps'), cpuMs: sum('cpuMs') }
}

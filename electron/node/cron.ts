import type { Cron } from '../core/ports.ts'

/** A run may begin this much after its moment, for instance while the program was busy. */
const LATE_MS = 60_000
/** How often a clock that was set is looked for, and how far it must have been moved to count. */
const WATCH_MS = 300_000
const MOVED_MS = 60_000

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined }

interface Task {
  start(): void | Promise<void>
  stop(): void | Promise<void>
}

/**
 * Recurring runs by node-cron, which is loaded with the first of them. It waits for one planned moment at a time, so a clock set back
 * by a year would silence it for a year: every five minutes the wall clock is compared with one that only grows, and when it was moved
 * everything is planned anew. Moments more than a minute past (a sleep) are left out. Its timers never keep the process alive.
 */
export function createCron(): Cron {
  const tasks = new Set<Task>()
  let watch: NodeJS.Timeout | undefined

  function look(setApart: number): void {
    const apart = Date.now() - performance.now()
    if (Math.abs(apart - setApart) > MOVED_MS) for (const task of tasks) restart(task)
    arm()
  }
  function arm(): void {
    clearTimeout(watch)
    const setApart = Date.now() - performance.now()
    watch = tasks.size > 0 ? setTimeout(look, WATCH_MS, setApart).unref() : undefined
  }
  return {
    every(expression, run, { zone = 'UTC' } = {}) {
      const stopped = new AbortController()
      void import('node-cron').then(({ schedule }) => {
        if (stopped.signal.aborted) return
        const task = schedule(expression, run, {
          timezone: zone,
          noOverlap: true,
          unref: true,
          missedExecutionTolerance: LATE_MS,
          suppressMissedWarning: true,
          logger: silent,
        })
        tasks.add(task)
        stopped.signal.addEventListener('abort', () => {
          tasks.delete(task)
          void task.destroy()
          arm()
        })
        arm()
      })
      return () => stopped.abort()
    },
  }
}

function restart(task: Task): void {
  void task.stop()
  void task.start()
}

/** More than anybody asks for by hand. */
const MOST = 5
const WITHIN_MS = 10_000

/** Tells what a page does by itself from what somebody does by hand. */
export interface HandPace {
  /** Counts one more time, and answers whether that is too often. */
  isTooFast(): boolean
}

/** Five times in ten seconds are still by hand. `now` answers milliseconds that only grow; those of this process by default. */
export function createHandPace(now: () => number = () => performance.now()): HandPace {
  let times: readonly number[] = []
  return {
    isTooFast() {
      times = [...times.filter(at => now() - at < WITHIN_MS), now()].slice(-MOST - 1)
      return times.length > MOST
    },
  }
}

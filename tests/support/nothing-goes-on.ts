import { setImmediate as turn } from 'node:timers/promises'
import { afterAll } from 'vitest'

const TURNS = 50

/**
 * What a test leaves going with every turn of the loop takes a processor from all files that follow in its worker, and no clock that waits
 * for quiet ever jumps there.
 */
afterAll(async () => {
  for (let turns = 0; turns < TURNS; turns += 1) {
    await turn()
    if (!process.getActiveResourcesInfo().includes('Immediate')) return
  }
  throw new Error('a test of this file left something going with every turn of the event loop')
})

import type { Socket } from 'node:net'
import { frame } from './frame.ts'
import type { Field } from './frame.ts'

/** How frames leave: each at once, byte by byte, or all that are due together in one piece. */
export type Cut = 'each' | 'bytes' | 'together'

/** The sending side of one socket. */
export interface Outlet {
  send(fields: readonly Field[]): void
  /** Sends half of a frame and breaks off. */
  breakOff(): void
}

/** Sends frames in order. `delayMs` is how long each waits; `cut` is asked for every frame. */
export function createOutlet(socket: Socket, cut: () => Cut, delayMs: () => number): Outlet {
  const due: Buffer[] = []
  let pumping = false
  const write = (bytes: Buffer): void => {
    if (!socket.destroyed) socket.write(bytes)
  }
  const pump = (): void => {
    const bytes = due.shift()
    if (bytes === undefined || socket.destroyed) {
      pumping = false
      return
    }
    if (cut() === 'together') {
      write(Buffer.concat([bytes, ...due.splice(0)]))
      pumping = false
      return
    }
    write(bytes.subarray(0, 1))
    if (bytes.length > 1) due.unshift(bytes.subarray(1))
    setImmediate(pump)
  }
  const hand = (bytes: Buffer): void => {
    if (cut() === 'each' && !pumping) {
      write(bytes)
      return
    }
    due.push(bytes)
    if (pumping) return
    pumping = true
    setImmediate(pump)
  }
  return {
    send(fields) {
      const bytes = frame(fields)
      const wait = delayMs()
      if (wait > 0) setTimeout(() => hand(bytes), wait).unref()
      else hand(bytes)
    },
    breakOff() {
      const bytes = frame([4, 2, -1, 2104, 'Market data farm connection is OK:usfarm', ''])
      socket.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => socket.destroy())
    },
  }
}

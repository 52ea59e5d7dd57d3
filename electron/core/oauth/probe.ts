import { connect, type Socket } from 'node:net'
import { connect as connectSecure } from 'node:tls'
import type { Clock, Random } from '../ports.ts'
import { LOOPBACK_HOST } from './sockets.ts'

export interface ProbeOptions {
  readonly port: number
  /** For an https listener: the only certificate accepted. */
  readonly certificatePem: string | null
  /** The page our own listener gives a stray visit. */
  readonly page: Buffer
  readonly clock: Clock
  readonly random: Random
}

const PATIENCE_MS = 5_000
const MAX_ANSWER = 16_384

/**
 * Asks our own listener for a page nobody knows of, over a plain socket: false when something between (a filter, a proxy, another
 * program) answers in its place, so the browser's answer would not arrive either.
 */
export function probeLoopback({ port, certificatePem, page, clock, random }: ProbeOptions): Promise<boolean> {
  return new Promise(resolve => {
    const at = { host: LOOPBACK_HOST, port }
    const socket: Socket =
      certificatePem === null
        ? connect(at)
        : connectSecure({ ...at, ca: certificatePem, minVersion: 'TLSv1.2', checkServerIdentity: () => undefined })
    const chunks: Buffer[] = []
    const stop = clock.after(PATIENCE_MS, () => end(false))
    const end = (reached: boolean): void => {
      stop()
      socket.destroy()
      resolve(reached)
    }
    socket.on('error', error => end(isOurs(error)))
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      if (chunks.reduce((total, { length }) => total + length, 0) > MAX_ANSWER) end(false)
    })
    socket.once('end', () => end(Buffer.concat(chunks).includes(page)))
    socket.once('close', () => end(false))
    socket.write(`GET /${random.uuid()} HTTP/1.1\r\nHost: ${LOOPBACK_HOST}:${port}\r\nConnection: close\r\n\r\n`)
  })
}

/** The pinned certificate was met and only its dates are in doubt: those are for the browser and its clock to judge. */
function isOurs(error: Error): boolean {
  return 'code' in error && (error.code === 'CERT_NOT_YET_VALID' || error.code === 'CERT_HAS_EXPIRED')
}

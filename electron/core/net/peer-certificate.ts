import type { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { connect } from 'node:tls'
import { AppError } from '../../../shared/contract/errors.ts'
import { abortError } from './wait.ts'

export interface PeerCertificate {
  readonly pem: string
  /** SHA-256 over the whole certificate, `AB:CD:...`, as browsers show it. */
  readonly fingerprint: string
  /** The last moment it is valid, as the certificate writes it. */
  readonly validTo: string
}

/**
 * The certificate a server presents, whoever vouches for it. It is read at the end of the handshake, before Node judges it and hangs
 * up: verification is never off, and not a byte of ours is sent. Rejects with the socket's own error, or app/canceled.
 */
export function readCertificate(host: string, port: number, { signal }: { readonly signal: AbortSignal }): Promise<PeerCertificate> {
  if (signal.aborted) return Promise.reject(abortError(signal, host))
  const { promise, resolve, reject } = Promise.withResolvers<PeerCertificate>()
  const name = host.replace(/^\[|\]$/g, '')
  const socket = connect({ host: name, port, servername: isIP(name) ? '' : name, ALPNProtocols: ['http/1.1'] })
  const onAbort = (): void => void socket.destroy(abortError(signal, host))
  signal.addEventListener('abort', onAbort, { once: true })
  socket.prependListener('secure', () => {
    const presented = socket.getPeerX509Certificate()
    if (presented) resolve(read(presented))
  })
  // Reached by a certificate somebody does vouch for.
  socket.once('secureConnect', () => socket.destroy())
  socket.on('error', reject)
  socket.on('close', () => {
    signal.removeEventListener('abort', onAbort)
    reject(new AppError('net/offline', { details: { host } }))
  })
  return promise
}

function read(certificate: X509Certificate): PeerCertificate {
  return { pem: certificate.toString(), fingerprint: certificate.fingerprint256, validTo: certificate.validTo }
}

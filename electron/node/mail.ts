import { connect, type Socket } from 'node:net'
import { AppError, type ErrorCode } from '../../shared/contract/errors.ts'
import type { Mail, MailServer } from '../core/ports.ts'

const CONNECT_MS = 15_000
const SILENCE_MS = 30_000

/** Failures by the codes of nodemailer (its documentation, "Error codes"); those not listed count as a server that could not be reached. */
const FAILURES: Readonly<Record<string, ErrorCode>> = {
  EAUTH: 'mail/sign-in-refused',
  ENOAUTH: 'mail/sign-in-refused',
  EENVELOPE: 'mail/refused',
  EMESSAGE: 'mail/refused',
  EPROTOCOL: 'mail/refused',
  ETLS: 'mail/not-secure',
  EREQUIRETLS: 'mail/not-secure',
}

/** Sends mail over SMTP. The library is loaded with the first message: most installations send none. */
export function createMail(): Mail {
  return {
    async send(message, server, { signal }) {
      const { createTransport } = await import('nodemailer')
      const transport = createTransport({ ...optionsOf(server), getSocket: (_: unknown, done: LineReady) => openLine(server, signal, done) })
      try {
        await transport.sendMail({ ...message, disableFileAccess: true, disableUrlAccess: true })
      } catch (cause) {
        throw signal.aborted ? new AppError('app/canceled', { cause: signal.reason }) : failureOf(cause, server)
      } finally {
        transport.close()
      }
    },
  }
}

type LineReady = (error: Error | null, socket?: { readonly connection: Socket }) => void

/** A line of our own, so that a message that was given up leaves nothing open. */
function openLine({ host, port }: MailServer, signal: AbortSignal, ready: LineReady): void {
  const connection = connect({ host: bare(host), port, signal })
  const failed = (error: Error): void => ready(error)
  connection.once('error', failed)
  connection.setTimeout(CONNECT_MS, () => connection.destroy(new Error('no connection in time')))
  connection.once('connect', () => {
    connection.setTimeout(0)
    connection.off('error', failed)
    ready(null, { connection })
  })
}

function optionsOf({ host, port, security, login }: MailServer) {
  return {
    host: bare(host),
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    // Said outright: by itself Node lets an environment variable switch certificate checks off.
    tls: { rejectUnauthorized: true },
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(login ? { auth: { user: login.user, pass: login.password } } : {}),
  }
}

function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}

function failureOf(cause: unknown, { host }: MailServer): AppError {
  if (cause instanceof AppError) return cause
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  const isCertificate = cause instanceof Error && /certificate|self.signed|altnames|wrong version number/i.test(cause.message)
  // The cause would quote what the server was told.
  return new AppError(isCertificate ? 'mail/not-secure' : (FAILURES[code] ?? 'mail/unreachable'), { details: { host } })
}

import type { Transporter } from 'nodemailer'
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
      signal.throwIfAborted()
      const transport = createTransport(optionsOf(server))
      const stop = (): void => transport.close()
      signal.addEventListener('abort', stop, { once: true })
      try {
        await Promise.race([deliver(transport, message), whenAborted(signal)])
      } catch (cause) {
        throw failureOf(cause, server)
      } finally {
        signal.removeEventListener('abort', stop)
        transport.close()
      }
    },
  }
}

async function deliver(transport: Transporter, message: Parameters<Mail['send']>[0]): Promise<void> {
  await transport.sendMail({ ...message, disableFileAccess: true, disableUrlAccess: true })
}

function whenAborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(new AppError('app/canceled', { cause: signal.reason })), { once: true })
  return promise
}

function optionsOf({ host, port, security, login }: MailServer) {
  return {
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(login ? { auth: { user: login.user, pass: login.password } } : {}),
  }
}

function failureOf(cause: unknown, { host }: MailServer): AppError {
  if (cause instanceof AppError) return cause
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  const isCertificate = cause instanceof Error && /certificate|self.signed|altnames|wrong version number/i.test(cause.message)
  // The cause would quote what the server was told.
  return new AppError(isCertificate ? 'mail/not-secure' : (FAILURES[code] ?? 'mail/unreachable'), { details: { host } })
}

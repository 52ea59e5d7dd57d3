import { AppError } from '../../../../shared/contract/errors.ts'
import { Secret } from '../../vault/secret.ts'
import { percentEncode } from './signature.ts'

const VERIFIER = /^[A-Z0-9]{5,7}$/

/** The page on which the user signs in and gets a code; the token holds characters of base64, so it is percent-encoded. */
export function verifierPage(authorizeUrl: string, consumerKey: string, requestToken: Secret): string {
  const joint = authorizeUrl.includes('?') ? '&' : '?'
  return `${authorizeUrl}${joint}key=${percentEncode(consumerKey)}&token=${percentEncode(requestToken.reveal())}`
}

/** The code a user copied from the broker's page, whatever blanks and letter case came with it. Throws auth/bad-paste. */
export function readVerifier(text: string, broker: string): Secret {
  const code = text
    .slice(0, 100)
    .replace(/[\s\u200b\ufeff-]/g, '')
    .toUpperCase()
  if (!VERIFIER.test(code)) throw new AppError('auth/bad-paste', { details: { broker } })
  return Secret.of(code)
}
